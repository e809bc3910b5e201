// Runs calls: takes each one by its claim, hands its result or failure to the host.
import type { AsyncLocalStorage } from 'node:async_hooks';
import { type Claims, claimCall } from '../wire/claims.ts';
import { type AgentSource, TO_HOST } from '../wire/messages.ts';
import { createContext } from './context.ts';
import { OutputError, toFailure } from './failure.ts';
import { type CallLog, createCallLog, currentCall } from './logs.ts';
import { toOutput } from './output.ts';
import type { Requests } from './requests.ts';

/** Writes one record to the host. */
export type Tell = (kind: number, id: number, text: string) => void;
/** What an agent exports as `run`. */
export type Run = (context: object, args: unknown) => unknown;

/** One call inside the thread. */
export type GuestCall = {
  readonly id: number;
  readonly log: CallLog;
  controller?: AbortController;
  ended: boolean;
};

type Parts = {
  readonly source: AgentSource;
  readonly run: Run;
  readonly claims: Claims;
  readonly tell: Tell;
  readonly ringBell: () => void;
  readonly requests: Requests;
};

/** After so much work in one turn, the host hears of the replies that are there. */
const BELL_MS = 1;

export function createCalls({ source, run, claims, tell, ringBell, requests }: Parts) {
  const storage: AsyncLocalStorage<GuestCall> = currentCall;
  const running = new Map<number, GuestCall>();
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
    end(call, TO_HOST.failure, JSON.stringify(toFailure(error, source)));
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
    /** The fields of the call begin at `at`: number, user, pack, run, agent, arguments. Returns it while it runs. */
    start(batch: readonly unknown[], at: number): GuestCall | undefined {
      const id = batch[at] as number;
      if (!claimCall(claims, id)) return undefined;
      const call: GuestCall = { id, log: createCallLog(id, source, tell), ended: false };
      try {
        const context = createContext(call, batch, at, requests, tell);
        const result = storage.run(call, run, context, readArguments(batch[at + 5]));
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

/** JSON text, or an object as postMessage cloned it (pool/payload.ts). */
function readArguments(payload: unknown): unknown {
  return typeof payload === 'string' ? JSON.parse(payload) : payload;
}

function toBoundedOutput(value: unknown, bytes: number): string {
  const text = toOutput(value);
  if (text.length <= bytes / 3 || Buffer.byteLength(text) <= bytes) return text;
  throw new OutputError('output_too_large', `The result has more than ${bytes} bytes`);
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
