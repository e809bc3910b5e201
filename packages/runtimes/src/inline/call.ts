// One call in the host's own isolate: what its guest can tell the host, and how it ends, whatever comes first.
import type { AgentContext, Json, JsonObject } from '@pypes/contract';
import { toAbortError } from '../abort.ts';
import { toBoundedOutput } from '../threads/guest/bounded-output.ts';
import type { GuestCall } from '../threads/guest/call.ts';
import { LimitError } from '../threads/guest/failure.ts';
import type { GuestLanguage } from '../threads/guest/language.ts';
import { createCallLog } from '../threads/guest/logs.ts';
import { type PoolCall, settleCall, settleWithText } from '../threads/pool/call.ts';
import { toFailureError } from '../threads/pool/errors.ts';
import { answerRequest, recordLog } from '../threads/pool/guest-requests.ts';
import { type AgentSource, TO_HOST, TO_THREAD } from '../threads/wire/messages.ts';

/** Questions of one call that wait for their answers: each costs the host, not the guest. */
const MOST_QUESTIONS = 1_000;

type Parts = {
  readonly id: number;
  readonly context: AgentContext;
  readonly args: JsonObject;
  readonly source: AgentSource;
  readonly toFailure: GuestLanguage['toFailure'];
  /** Gives an answer of the host to the guest: whether it was granted, the number of the question, JSON text. */
  readonly settle: (granted: boolean, question: number, text: string) => void;
};

export type InlineCall = ReturnType<typeof createInlineCall>;

export function createInlineCall({ id, context, args, source, toFailure, settle }: Parts) {
  const { promise, resolve, reject } = Promise.withResolvers<Json>();
  const host: PoolCall = { context, args, resolve, reject, settled: false };
  const listeners: (() => void)[] = [];
  let asked = 0;
  let crossed: LimitError | undefined;

  const guest: GuestCall = {
    id,
    ended: false,
    log: createCallLog(id, source, tell),
    progress(fraction, message) {
      if (!guest.ended) answerRequest(host, JSON.stringify([0, 'progress', [fraction, message ?? null]]), () => {});
    },
  };

  /** Takes what the guest writes to the host: a log line, or a question. */
  function tell(kind: number, _id: number, text: string): void {
    if (kind === TO_HOST.log) {
      recordLog(host, text);
      return;
    }
    asked++;
    if (asked > MOST_QUESTIONS) {
      const message = `The call waits for the answers to more than ${MOST_QUESTIONS} questions at once`;
      crossed ??= new LimitError('questions', MOST_QUESTIONS, message);
      return;
    }
    answerRequest(host, text, (answer, question, json) => {
      asked--;
      settle(answer === TO_THREAD.answer, question, json);
    });
  }

  function end(): boolean {
    if (guest.ended) return false;
    guest.log.close();
    guest.ended = true;
    forget();
    return true;
  }

  function succeed(value: unknown): void {
    try {
      const text = toBoundedOutput(value, source.outputBytes);
      if (!end()) return;
      host.settled = true;
      settleWithText(host, text);
    } catch (error) {
      fail(error);
    }
  }

  function fail(error: unknown): void {
    if (!end()) return;
    settleCall(host, toFailureError(failureText(crossed ?? error)));
  }

  function failureText(error: unknown): string {
    try {
      const { message, ...failure } = toFailure(error, source);
      // A message can be as long as the guest's memory.
      return JSON.stringify({ ...failure, message: message.slice(0, source.logLineLength) });
    } catch {
      return JSON.stringify({ code: 'handler_failed', message: 'The sandbox failed' });
    }
  }

  /** Ends the call for its caller at once; what it still does for nobody ends as soon as it can. */
  function stop(error: Parameters<typeof settleCall>[1]): void {
    if (!end()) return;
    settleCall(host, error);
    for (const listener of listeners) listener();
  }

  const forget = context.onStop(() => stop(toAbortError(context.signal)));

  return {
    guest,
    tell,
    result: promise,
    /** Whether the guest has to end what it computes. */
    mustStop: (): boolean => guest.ended || context.stopped || crossed !== undefined,
    onStop(listener: () => void): void {
      if (guest.ended) listener();
      else listeners.push(listener);
    },
    succeed,
    fail,
    stop,
  };
}
