// A replay as people read it, and as programs do.
import type { Json, JsonObject } from '@pypes/contract';
import type { Change, RecordedCall, ReplayResult, ReplaySummary, Verdict } from '@pypes/guard';

const WORDS: { readonly [change in Change]: string } = {
  newly_stopped: 'newly stopped',
  newly_asked: 'newly asked for',
  newly_let_through: 'newly let through',
  newly_changed: 'newly changed on the way',
  no_longer_changed: 'no longer changed on the way',
  not_made: 'not made, since their caller would be stopped',
  unknown: 'cannot be told: too large to be recorded',
  same: 'as they were',
};

/** Shown also where there are none. */
const ALWAYS: ReadonlySet<Change> = new Set<Change>(['newly_stopped', 'newly_asked', 'newly_let_through', 'same']);

/** Lines: the counts, and below each what makes it up, with one call of each. */
export function toReplayLines(summary: ReplaySummary): readonly string[] {
  const { counts, differences } = summary;
  const width = String(summary.calls).length;
  const lines = [toTitle(summary)];
  for (const change of Object.keys(WORDS) as Change[]) {
    if (counts[change] === 0 && !ALWAYS.has(change)) continue;
    lines.push(`${String(counts[change]).padStart(width)} ${WORDS[change]}`);
    for (const { calls, policy, to, example } of differences.filter((each) => each.change === change)) {
      const { call, today, would } = example;
      const reason = change === 'newly_let_through' || change === 'no_longer_changed' ? today.reason : would?.reason;
      const indent = ' '.repeat(width);
      lines.push(
        `${indent} ${calls} × ${[plain(to), policy].filter(Boolean).join('  ')}${reason === undefined ? '' : `: ${plain(reason)}`}`,
      );
      lines.push(`${indent}     such as ${plain(call.from)} → ${plain(to)} ${shorten(call.args)}  run ${call.root}`);
    }
  }
  const hidden = differences.reduce((sum, each) => sum + each.hidden, 0);
  if (hidden > 0) {
    lines.push(
      `Secrets were cut out of ${hidden} of the calls that differ: policies that look for them see marks instead`,
    );
  }
  return lines;
}

function toTitle({ calls, runs, began, ended }: ReplaySummary): string {
  const when = began === undefined || ended === undefined ? '' : `, ${toTime(began)} to ${toTime(ended)}`;
  return `${calls} calls in ${runs} runs${when}`;
}

/** The same as data, with every call that differs. */
export function toReplayJson(summary: ReplaySummary, results: readonly ReplayResult[]): JsonObject {
  const { calls, runs, began, ended, counts, differences } = summary;
  return {
    calls,
    runs,
    ...(began === undefined ? {} : { began: toTime(began) }),
    ...(ended === undefined ? {} : { ended: toTime(ended) }),
    counts,
    differences: differences.map(({ example, ...rest }) => ({ ...rest, example: toEntry(example) })),
    changed: results.filter(({ change }) => change !== 'same').map(toEntry),
  };
}

function toEntry({ call, today, would, change }: ReplayResult): JsonObject {
  const { run, root, from, to, arrived, args } = call;
  return {
    run,
    root,
    from,
    to,
    time: toTime(arrived[0]),
    args_shown: shorten(args),
    change,
    today: toJson(today),
    ...(would === undefined ? {} : { would: toJson(would) }),
  };
}

function toJson(verdict: Verdict): Json {
  return { ...verdict };
}

const MOST_SHOWN = 100;

function shorten(args: RecordedCall['args']): string {
  if (args === undefined) return '(not recorded)';
  const text = plain(JSON.stringify(args));
  return text.length <= MOST_SHOWN ? text : `${text.slice(0, MOST_SHOWN - 1)}…`;
}

/** What agents and callers wrote could move the cursor of a terminal. */
function plain(text: string): string {
  return text.replace(/\p{C}/gu, '\ufffd');
}

/** Milliseconds since 1970 as ISO 8601. */
export function toTime(time: number): string {
  return new Date(time).toISOString();
}
