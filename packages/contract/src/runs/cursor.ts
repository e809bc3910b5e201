// Cursors: opaque to clients, bound to their run, so that one of another run is told apart (spec 5).
import { PypesError } from '../errors.ts';

/** The cursor after the event with that number; 0 is before the first. */
export function toEventCursor(runId: string, seq: number): string {
  return `${seq.toString(36)}.${runId}`;
}

/**
 * The number that a cursor of this run stands for.
 *
 * @throws PypesError `invalid_request` for a text that is no cursor, or a cursor of another run
 */
export function parseEventCursor(runId: string, cursor: string): number {
  const [, digits = '', of = ''] = /^([0-9a-z]{1,11})\.([\w-]{1,64})$/.exec(cursor) ?? [];
  const seq = Number.parseInt(digits, 36);
  if (digits === '' || !Number.isSafeInteger(seq) || seq.toString(36) !== digits) {
    throw new PypesError('invalid_request', `"${cursor.slice(0, 100)}" is no cursor; take next_cursor of an answer`);
  }
  if (of === runId) return seq;
  throw new PypesError('invalid_request', 'The cursor belongs to another run; begin without one, or take next_cursor');
}
