// What became of many runs: how each ended, whether its events have gaps, and what its steps did more than once.
import type { JsonObject } from '@pypes/contract';
import type { RunEvent, RunRecord, RunStore } from '@pypes/contract/runs';
import type { Effect } from './cluster-effects.fixtures.ts';
import type { Accepted } from './cluster-load.fixtures.ts';

/** One run afterwards. */
export type Verdict = {
  readonly accepted: Accepted;
  readonly record: RunRecord;
  readonly lines: readonly string[];
  readonly events: readonly RunEvent[];
  /** The answers of its steps that are in its record, in order; `at` is when. */
  readonly recorded: readonly Effect[];
  /** How many steps failed, and were tried again. */
  readonly failures: number;
  /** What the effects themselves have. */
  readonly effects: readonly Effect[];
};

/** Something was killed, at a time in milliseconds since 1970. */
export type Kill = { readonly what: string; readonly at: number };

const LOOKS = 20;
const MOST = 500;

/** Looks at the store itself: what it has is what every service shows. */
export async function judge(
  store: RunStore,
  all: readonly Accepted[],
  done: readonly Effect[],
): Promise<readonly Verdict[]> {
  const byName = Map.groupBy(done, ({ id }) => id);
  const verdicts: Verdict[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: LOOKS }, async () => {
      for (let accepted = all[next++]; accepted !== undefined; accepted = all[next++]) {
        const ref = { tenant: '', run_id: accepted.run_id };
        const record = await store.get(ref);
        if (record === undefined) throw new Error(`The run ${accepted.run_id} was accepted, and is not there`);
        const lines = await store.read(ref, 'events', 0, MOST);
        const events = lines.map((line) => JSON.parse(line) as RunEvent);
        const steps = (await store.read(ref, 'calls', 0, MOST)).map(toStep).filter((line) => line.step !== undefined);
        verdicts.push({
          accepted,
          record,
          lines,
          events,
          recorded: steps.flatMap(({ effect }) => effect ?? []),
          failures: steps.filter(({ effect }) => effect === undefined).length,
          effects: byName.get(accepted.name) ?? [],
        });
      }
    }),
  );
  return verdicts;
}

/** What a line of the record says of a step: without an answer, it failed. */
function toStep(line: string): { readonly step?: string; readonly effect?: Effect } {
  const { step, args, output, error, finished_at } = JSON.parse(line) as { readonly [name: string]: JsonObject };
  if (typeof step !== 'string') return {};
  if (error !== undefined) return { step };
  return { step, effect: { id: String(args?.id), step, number: String(output), at: Date.parse(String(finished_at)) } };
}

/** Effects of steps that were done beside the one that the record has. */
export function repeatsOf({ effects, recorded }: Verdict): readonly Effect[] {
  const kept = new Set(recorded.map(({ number }) => number));
  return effects.filter(({ number }) => !kept.has(number));
}

/** Figures for a report: nothing is asserted of them. */
export function figuresOf(verdicts: readonly Verdict[], kills: readonly Kill[]) {
  const repeats = verdicts.flatMap((verdict) => repeatsOf(verdict).map((effect) => ({ ...effect, of: verdict })));
  const late = repeats.filter(({ step, at, of }) => of.recorded.some((kept) => kept.step === step && kept.at < at));
  const marked = (mark: string) =>
    verdicts.flatMap(({ events }) =>
      events.filter(({ attrs }) => attrs[mark] === true).map(({ time }) => Date.parse(time)),
    );
  const takeovers = marked('taken_over');
  return {
    ends: counted(verdicts.map(({ accepted, record }) => `${accepted.kind} ${record.status}`)),
    attempts: counted(verdicts.map(({ record }) => String(record.attempt))),
    effects: verdicts.reduce((sum, { effects }) => sum + effects.length, 0),
    effects_repeated: repeats.length,
    steps_failed_and_tried_again: verdicts.reduce((sum, { failures }) => sum + failures, 0),
    effects_repeated_after_their_record: late.length,
    handed_over: marked('handed_over').length,
    taken_over: takeovers.length,
    kills: kills.map(({ what, at }, index) => {
      const until = kills[index + 1]?.at ?? Number.POSITIVE_INFINITY;
      const after = takeovers.filter((time) => time >= at && time < until).map((time) => time - at);
      return { what, taken_over: after.length, after_ms: spread(after) };
    }),
  };
}

function counted(words: readonly string[]): { readonly [word: string]: number } {
  return Object.fromEntries([...Map.groupBy(words, (word) => word)].map(([word, all]) => [word, all.length]));
}

function spread(numbers: readonly number[]) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return { first: at(0), p50: at(0.5), p90: at(0.9), last: at(1) };
}
