// Runs calls: takes each one by its claim, hands its result or failure to the host.
import type { AsyncLocalStorage } from 'node:async_hooks';
import { type Claims, claimCall } from '../wire/claims.ts';
import { type AgentSource, TO_HOST } from '../wire/messages.ts';
import { RenewedMap } from '../wire/renewed-map.ts';
import { toBoundedOutput } from './bounded-output.ts';
import type { GuestCall, Tell } from './call.ts';
import { currentCall } from './current-call.ts';
import type { GuestLanguage, LoadedGuest } from './language.ts';
import { createCallLog } from './logs.ts';

type Parts = {
  readonly source: AgentSource;
  readonly language: GuestLanguage;
  readonly guest: LoadedGuest;
  readonly claims: Claims;
  readonly tell: Tell;
  readonly ringBell: () => void;
};

/** After so much work in one turn, the host hears of the replies that are there. */
const BELL_MS = 1;

export function createCalls({ source, language, guest, claims, tell, ringBell }: Parts) {
  const storage: AsyncLocalStorage<GuestCall> = currentCall;
  const running = new RenewedMap<number, GuestCall>();
  let rung = performance.now();

  function end(call: GuestCall, kind: number, text: string): void {
    call.ended = true;
    call.log.close();
    tell(kind, call.id, text);
  }

  function succeed(call: GuestCall, value: unknown): void {
    try {
      end(call, TO_HOST.reply, toBoundedOutput(value, source.outputBytes));
    } catch (error) {
      fail(call, error);
    }
  }

  function fail(call: GuestCall, error: unknown): void {
    end(call, TO_HOST.failure, JSON.stringify(language.toFailure(error, source)));
  }

  function settle(call: GuestCall, promise: PromiseLike<unknown>): void {
    running.set(call.id, call);
    promise.then(
      (value) => {
        running.delete(call.id);
        succeed(call, value);
      },
      (error: unknown) => {
        running.delete(call.id);
        fail(call, error);
      },
    );
  }

  return {
    /** The fields of the call begin at `at`: number, user, pack, run, agent, arguments, owner. Returns it while it runs. */
    start(batch: readonly unknown[], at: number): GuestCall | undefined {
      const id = batch[at] as number;
      if (!claimCall(claims, id)) return undefined;
      const call: GuestCall = {
        id,
        log: createCallLog(id, source, tell),
        ended: false,
        progress(fraction, message) {
          if (!call.ended) tell(TO_HOST.request, id, JSON.stringify([0, 'progress', [fraction, message ?? null]]));
        },
      };
      try {
        const result = storage.run(call, guest.run, {
          call,
          userGuid: batch[at + 1] as string | null,
          packGuid: batch[at + 2] as string,
          runId: batch[at + 3] as string,
          agent: batch[at + 4] as string,
          args: batch[at + 5],
          owner: batch[at + 6] as string,
        });
        if (isThenable(result)) settle(call, result);
        else succeed(call, result);
      } catch (error) {
        fail(call, error);
      }
      const now = performance.now();
      if (now - rung > BELL_MS) {
        rung = now;
        ringBell();
      }
      return call.ended ? undefined : call;
    },
    abort(id: number): void {
      const call = running.get(id);
      if (call === undefined) return;
      call.controller ??= new AbortController();
      storage.run(call, () => call.controller?.abort(new Error('The call was stopped by the host')));
    },
  };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
