// Logs and progress of a call, kept in their order until its host has them: sent now and then, the rest with the answer.
import { type Json, jsonSize, type Limits } from '@pypes/contract';
import type { RemoteNote } from '@pypes/contract/remote';

export interface Notes {
  add(note: RemoteNote): void;
  /** Sends what there is, unless some is under way. */
  flush(): void;
  /** What the host does not have yet, with the number of the first: nothing is sent after this. */
  rest(): Promise<{ readonly first: number; readonly notes: Json }>;
}

export type NotesOptions = {
  readonly limits: Pick<Limits, 'logLines' | 'logBytes'>;
  readonly flushMs: number;
  /** False where they did not arrive. Absent: all of them go with the answer. */
  readonly send?: (first: number, notes: readonly RemoteNote[]) => Promise<boolean>;
};

export function createNotes({ limits, flushMs, send }: NotesOptions): Notes {
  let pending: RemoteNote[] = [];
  let first = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sending: Promise<void> | undefined;
  let isOver = false;
  let [lines, bytes] = [0, 0];

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (send === undefined || sending !== undefined || pending.length === 0 || isOver) return;
    const batch = pending;
    pending = [];
    sending = send(first, batch).then((arrived) => {
      sending = undefined;
      // The host leaves out what it has already: an answer may have been lost, and not the notes.
      if (arrived) first += batch.length;
      else pending = [...batch, ...pending];
      wake();
    });
  }

  function wake(): void {
    if (send === undefined || isOver || timer !== undefined || sending !== undefined || pending.length === 0) return;
    timer = setTimeout(flush, flushMs);
  }

  return {
    flush,
    add(note) {
      if (isOver || lines > limits.logLines || bytes > limits.logBytes) return;
      if (note[0] === 'progress' && pending.at(-1)?.[0] === 'progress') pending.pop();
      pending.push(note);
      // The line that is too much is told too: it is the host that stops the call for it.
      if (note[0] === 'log') {
        lines += 1;
        bytes += jsonSize(note as unknown as Json);
      }
      wake();
    },
    async rest() {
      isOver = true;
      clearTimeout(timer);
      await sending;
      return { first, notes: pending as unknown as Json };
    },
  };
}
