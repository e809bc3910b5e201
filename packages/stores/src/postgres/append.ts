// Appends lines to streams: only the attempt that has the run may, and only right behind the last line.
import type { RunLines, RunRef, RunStore, RunStream } from '@pypes/contract/runs';
import { checkLines, hasAttempt } from '../run-rules.ts';
import { createBatches } from './batch.ts';
import type { Value } from './database.ts';
import { byRef, isNameless, keyOf, NOTHING, SEPARATOR, toLines, toRecord } from './rows.ts';
import type { Session } from './session.ts';

type Addition = {
  readonly ref: RunRef & { readonly attempt: number };
  readonly stream: RunStream;
  readonly given: RunLines;
  readonly lines: string;
};

/** What one run gets in one statement. */
type Both = { readonly ref: Addition['ref']; readonly events?: Addition; readonly calls?: Addition };

/**
 * Events and calls of one run that wait at the same time go in one statement: one trip, one lock of the run's row, one
 * commit for both.
 */
export function createAppend({ database, statements, changes, origin, lanes }: Session): RunStore['append'] {
  async function add(given: readonly Addition[]): Promise<readonly boolean[]> {
    let done: readonly boolean[] = [];
    try {
      const both = toBoth(given);
      done = await send(given, both);
      // Of two that were refused together, one may be right.
      const isRefused = (one: Addition, index: number) => done[index] === false && isPaired(one, both);
      if (given.some(isRefused)) {
        const again = given.map(async (one, index) =>
          isRefused(one, index) ? (await send([one], toBoth([one])))[0] === true : done[index] === true,
        );
        done = await Promise.all(again);
      }
      return done;
    } finally {
      for (const [index, { ref, stream, given: lines }] of given.entries()) {
        if (stream === 'events') changes.notify(ref, done[index] === true ? lines : undefined);
      }
    }
  }

  function send(given: readonly Addition[], both: ReadonlyMap<string, Both>): Promise<readonly boolean[]> {
    const all = [...both.values()].toSorted((a, b) => byRef(a.ref, b.ref));
    return database.settle(statements.append, [...toColumns(all), origin], async (rows, mayBeDone) => {
      const done = new Set(rows.map(([tenant, run_id]) => JSON.stringify([tenant, run_id])));
      return Promise.all(given.map(async (one) => done.has(keyOf(one.ref)) || (mayBeDone && wasMine(one))));
    });
  }

  /** Whether the lines were added by a statement whose answer was lost; a run that was given up takes no part in that. */
  async function wasMine({ ref, stream, given: { first, lines } }: Addition): Promise<boolean> {
    const [row] = await database.query(statements.get, [ref.tenant, ref.run_id]);
    if (row === undefined || !hasAttempt(toRecord(row), ref.attempt)) return false;
    const there = await database.query(statements.read[stream], [ref.tenant, ref.run_id, first - 1, lines.length]);
    return there.length === lines.length && there.every(([line], index) => line === lines[index]);
  }

  const batched = createBatches<Addition, boolean>({
    run: add,
    keyOf: ({ ref }) => keyOf(ref),
    isPair: (one, next) => one.stream !== next.stream && one.ref.attempt === next.ref.attempt,
    sizeOf: ({ lines }) => lines.length,
    lanes,
  });
  return async (ref, stream, given) => {
    checkLines(given);
    if (isNameless(ref.tenant, ref.run_id)) return false;
    return batched({ ref, stream, given, lines: toLines(given.lines) });
  };
}

function toBoth(given: readonly Addition[]): ReadonlyMap<string, Both> {
  const both = new Map<string, Both>();
  for (const one of given) {
    const key = keyOf(one.ref);
    both.set(key, { ...both.get(key), ref: one.ref, [one.stream]: one });
  }
  return both;
}

function isPaired({ ref }: Addition, both: ReadonlyMap<string, Both>): boolean {
  const one = both.get(keyOf(ref));
  return one?.events !== undefined && one.calls !== undefined;
}

function toColumns(all: readonly Both[]): readonly Value[] {
  const firsts = (stream: RunStream) => all.map((one) => one[stream]?.given.first ?? null);
  const counts = (stream: RunStream) => all.map((one) => one[stream]?.given.lines.length ?? 0);
  const lines = (stream: RunStream) => all.map((one) => one[stream]?.lines ?? NOTHING).join(SEPARATOR);
  return [
    all.map(({ ref }) => ref.tenant),
    all.map(({ ref }) => ref.run_id),
    all.map(({ ref }) => ref.attempt),
    firsts('events'),
    counts('events'),
    firsts('calls'),
    counts('calls'),
    lines('events'),
    lines('calls'),
  ];
}
