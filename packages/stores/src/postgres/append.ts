// Appends lines to streams: only the attempt that has the run may, and only right behind the last line.
import type { RunLines, RunRef, RunStore, RunStream } from '@pypes/contract/runs';
import { checkLines, hasAttempt } from '../run-rules.ts';
import { createBatches } from './batch.ts';
import type { Value } from './database.ts';
import { byRef, isNameless, keyOf, SEPARATOR, toLines, toRecord } from './rows.ts';
import type { Session } from './session.ts';

type Addition = {
  readonly ref: RunRef & { readonly attempt: number };
  readonly given: RunLines;
  readonly lines: string;
};

export function createAppend(session: Session): RunStore['append'] {
  const to = { events: createStream(session, 'events'), calls: createStream(session, 'calls') };
  return async (ref, stream, given) => {
    checkLines(given);
    if (isNameless(ref.tenant, ref.run_id)) return false;
    return to[stream]({ ref, given, lines: toLines(given.lines) });
  };
}

function createStream({ database, statements, changes, origin, lanes }: Session, stream: RunStream) {
  const isFollowed = stream === 'events';

  async function add(given: readonly Addition[]): Promise<readonly boolean[]> {
    const all = given.toSorted((a, b) => byRef(a.ref, b.ref));
    try {
      const values = isFollowed ? [...toColumns(all), origin] : toColumns(all);
      return await database.settle(statements.append[stream], values, async (rows, mayBeDone) => {
        const done = new Set(rows.map(([tenant, run_id]) => JSON.stringify([tenant, run_id])));
        return Promise.all(given.map(async (one) => done.has(keyOf(one.ref)) || (mayBeDone && wasMine(one))));
      });
    } finally {
      if (isFollowed) changes.notify(given.map(({ ref }) => ref));
    }
  }

  /** Whether the lines were added by a statement whose answer was lost; a run that was given up takes no part in that. */
  async function wasMine({ ref, given: { first, lines } }: Addition): Promise<boolean> {
    const [row] = await database.query(statements.get, [ref.tenant, ref.run_id]);
    if (row === undefined || !hasAttempt(toRecord(row), ref.attempt)) return false;
    const there = await database.query(statements.read[stream], [ref.tenant, ref.run_id, first - 1, lines.length]);
    return there.length === lines.length && there.every(([line], index) => line === lines[index]);
  }

  return createBatches<Addition, boolean>({
    run: add,
    keyOf: ({ ref }) => keyOf(ref),
    sizeOf: ({ lines }) => lines.length,
    lanes,
  });
}

function toColumns(all: readonly Addition[]): readonly Value[] {
  return [
    all.map(({ ref }) => ref.tenant),
    all.map(({ ref }) => ref.run_id),
    all.map(({ ref }) => ref.attempt),
    all.map(({ given }) => given.first),
    all.map(({ given }) => given.lines.length),
    all.map(({ lines }) => lines).join(SEPARATOR),
  ];
}
