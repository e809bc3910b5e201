// What a call in a thread asks of its context: logs are recorded, requests answered through the bridge.
import { type Json, type LogLevel, toPypesError } from '@pypes/contract';
import { type RefusalText, TO_THREAD } from '../wire/messages.ts';
import { bridgeOf, type PoolCall } from './call.ts';

/** Posts one answer to the thread. */
export type Answer = (kind: number, number: number, text: string) => void;

/** A guest that was broken into must not take the host with it: what is no record is dropped. */
function parseRecord(text: string): readonly Json[] | undefined {
  try {
    const record = JSON.parse(text) as Json;
    return Array.isArray(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

/** What comes after the caller has gone is dropped: its record is complete. */
export function recordLog(call: PoolCall | undefined, text: string): void {
  if (call === undefined || call.settled) return;
  const record = parseRecord(text);
  if (record === undefined) return;
  const [level, message, data] = record as [LogLevel, string, Json?];
  void bridgeOf(call)('log', data === undefined ? [level, message] : [level, message, data]).catch(ignore);
}

export function answerRequest(call: PoolCall | undefined, text: string, answer: Answer): void {
  const record = parseRecord(text);
  if (record === undefined) return;
  const [number, operation, parameters] = record as [number, string, readonly Json[]];
  if (call === undefined || call.settled) {
    if (number > 0) refuse(answer, number, { code: 'canceled', message: 'The call was stopped by the host' });
    return;
  }
  bridgeOf(call)(operation, parameters).then(
    (value) => {
      if (number > 0) answer(TO_THREAD.answer, number, JSON.stringify(value));
    },
    (error: unknown) => {
      const { code, message, details } = toPypesError(error);
      if (number > 0) refuse(answer, number, details === undefined ? { code, message } : { code, message, details });
    },
  );
}

function refuse(answer: Answer, number: number, refusal: RefusalText): void {
  answer(TO_THREAD.refusal, number, JSON.stringify(refusal));
}

/** A log that the host does not take is no reason to fail the call. */
function ignore(): void {}
