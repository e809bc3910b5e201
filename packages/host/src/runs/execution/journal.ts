// What host calls of a run answered, as its `calls` stream has it: for takeovers, and for replays (spec 5).
import type { Json, JsonObject } from '@pypes/contract';
import type { RunRef, RunStore } from '@pypes/contract/runs';

/** One line of the stream. */
export type RecordedAnswer = {
  /** The number of the call, as its events have it. */
  readonly n: number;
  /** `sha256:` over kind, target, pack, user, arguments, and the key of the call that it was made in. */
  readonly key: string;
  /** The number of the call that it was made in; 0: the run itself. */
  readonly in: number;
  readonly to: string;
  readonly from: string;
  readonly kind: 'agent' | 'capability';
  readonly step?: string;
  readonly args: JsonObject;
  /** Present where the arguments are too large to be kept; `args` is empty then. */
  readonly args_omitted?: { readonly bytes: number; readonly digest: string };
  readonly output?: Json;
  readonly error?: { readonly code: string; readonly message: string; readonly details?: JsonObject };
  readonly labels: readonly string[];
  readonly fields?: readonly (readonly [pointer: string, labels: readonly string[]])[];
  readonly started_at: string;
  readonly finished_at: string;
  /** A secret was hidden in it: it is no answer to anything. */
  readonly redacted?: true;
  /** It was answered from the record of the run that this one repeats. */
  readonly recorded?: true;
};

/** What is recorded of a call. `isAnswer`: another call can be answered with it. */
export type RecordedCall = { readonly answer: RecordedAnswer; readonly isAnswer: boolean };

/** Recorded calls. */
export interface Journal {
  /** Each is given once; of several with one key, in the order in which the calls were made. */
  take(key: string): RecordedCall | undefined;
  /** What was taken last for its key was not needed. */
  giveBack(call: RecordedCall): void;
}

/** The recorded answers of a run, and how many lines they are. */
export type ReadJournal = Journal & { readonly lines: number; readonly lastCall: number };

export const NOTHING_RECORDED: ReadJournal = {
  take: () => undefined,
  giveBack: () => undefined,
  lines: 0,
  lastCall: 0,
};

const PAGE = 100;
const CHECKOUT = 'context.memory.checkout';
const COMMIT = 'context.memory.commit';

/** All lines of the stream, in order, a page at a time. */
export async function* readAnswers(store: Pick<RunStore, 'read'>, ref: RunRef): AsyncGenerator<RecordedAnswer> {
  for (let after = 0; ; after += PAGE) {
    const lines = await store.read(ref, 'calls', after, PAGE);
    for (const line of lines) yield JSON.parse(line) as RecordedAnswer;
    if (lines.length < PAGE) return;
  }
}

/** Reads what was recorded. */
export async function readJournal(store: Pick<RunStore, 'read'>, ref: RunRef): Promise<ReadJournal> {
  const all: RecordedAnswer[] = [];
  for await (const answer of readAnswers(store, ref)) all.push(answer);
  const committed = new Set(all.filter(({ to }) => to === COMMIT).map((answer) => answer.in));
  const byKey = new Map<string, RecordedCall[]>();
  for (const answer of withoutRepeats(all)) {
    // A document that was taken out and never given back is taken out anew: it may have changed since.
    const isAnswer = answer.redacted !== true && (answer.to !== CHECKOUT || committed.has(answer.in));
    const same = byKey.get(answer.key);
    if (same === undefined) byKey.set(answer.key, [{ answer, isAnswer }]);
    else same.push({ answer, isAnswer });
  }
  return {
    lines: all.length,
    lastCall: all.reduce((most, { n }) => Math.max(most, n), 0),
    take(key) {
      const same = byKey.get(key);
      const first = same?.shift();
      if (same?.length === 0) byKey.delete(key);
      return first;
    },
    giveBack(call) {
      const { key } = call.answer;
      byKey.set(key, [call, ...(byKey.get(key) ?? [])]);
    },
  };
}

/** In the order of the calls. One that was performed again counts as it was last. */
function withoutRepeats(all: readonly RecordedAnswer[]): readonly RecordedAnswer[] {
  const byNumber = new Map(all.map((answer) => [answer.n, answer]));
  return [...byNumber.values()].sort((a, b) => a.n - b.n);
}
