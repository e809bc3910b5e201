// A scorecard on a terminal: what the gate says, what went wrong, and the figures by tag, as wide as the terminal is.
import {
  type CaseResult,
  type Report,
  toChangeText,
  toDuration,
  toFault,
  toPassText,
  toPercent,
  toScoreText,
  worstFirst,
} from '@pypes/host/evals';
import { plain } from '@pypes/host/plain';

/** Colours a text, or leaves it as it is. */
export type Paint = (colour: 'green' | 'red' | 'yellow' | 'dim' | 'bold', text: string) => string;

const MOST_CASES = 40;
const MOST_CHANGES = 10;
const LONGEST_ID = 32;
const LONGEST_TAG = 24;
const NARROWEST = 40;

/** The lines. What passed is named only as a number where there are many cases. */
export function toLines({ scorecard, gate_decision }: Report, columns: number, paint: Paint): readonly string[] {
  const { suite, summary, stability, repeat, cases } = scorecard;
  const width = Math.max(NARROWEST, columns);
  const shown = cases.length > MOST_CASES ? worstFirst(cases).slice(0, MOST_CASES) : cases;
  const rest = cases.length - shown.length;
  const isPass = gate_decision.decision === 'pass';
  return [
    paint('bold', plain(suite, width)),
    ...toCaseLines(shown, width, paint),
    ...(rest > 0 ? [paint('dim', `and ${rest} more, which came out better`)] : []),
    ...toTagLines(scorecard.tags, width, paint),
    ...toChangeLines(scorecard.comparison, width, paint),
    '',
    cut(`average ${toScoreText(summary.average_score)}, ${toPassText(summary)}`, width),
    ...(stability === undefined
      ? []
      : [cut(`${toPercent(stability.share)} came out the same each of ${repeat} times`, width)]),
    paint(isPass ? 'green' : 'red', isPass ? 'The gate passes' : 'The gate fails'),
    ...gate_decision.checks.map(({ passed, message }) =>
      passed ? paint('dim', cut(`  ok      ${message}`, width)) : cut(`  not ok  ${plain(message, width)}`, width),
    ),
  ];
}

function toCaseLines(cases: readonly CaseResult[], width: number, paint: Paint): readonly string[] {
  const ids = cases.map(({ id }) => plain(id, LONGEST_ID));
  const idWidth = Math.max(0, ...ids.map(lengthOf));
  const times = cases.map(({ duration_ms }) => toDuration(duration_ms));
  const timeWidth = Math.max(0, ...times.map(lengthOf));
  return cases.map((each, index) => {
    const mark = each.passed ? paint('green', 'ok    ') : paint('red', 'not ok');
    const id = pad(ids[index] ?? '', idWidth);
    const score = toScoreText(each.score).padEnd(6);
    const head = `  ${id}  ${score}  ${(times[index] ?? '').padStart(timeWidth)}`;
    const fault = plain(toFault(each), width);
    const line = cut(fault === '' ? head : `${head}  ${fault}`, width - 'not ok'.length);
    return mark + line;
  });
}

function toTagLines(tags: Report['scorecard']['tags'], width: number, paint: Paint): readonly string[] {
  if (tags.length === 0) return [];
  const names = tags.map(({ tag }) => plain(tag, LONGEST_TAG));
  const nameWidth = Math.max(...names.map(lengthOf));
  return [
    '',
    ...tags.map((each, index) => {
      const name = pad(names[index] ?? '', nameWidth);
      const line = cut(`${name}  ${toScoreText(each.average_score).padEnd(6)}  ${toPassText(each)}`, width);
      return each.passed === each.total ? line : paint('yellow', line);
    }),
  ];
}

function toChangeLines(comparison: Report['scorecard']['comparison'], width: number, paint: Paint): readonly string[] {
  if (comparison === undefined) return [];
  const { difference, common, regressed, improved, added, missing } = comparison;
  const changes = [...regressed, ...improved];
  const rest = changes.length - MOST_CHANGES;
  return [
    '',
    cut(
      `Since the baseline: ${toChangeText(difference)} over ${common} cases, ${improved.length} better, ${regressed.length} worse, ${added.length} new, ${missing.length} gone`,
      width,
    ),
    ...changes.slice(0, MOST_CHANGES).map(({ id, before, now }) => {
      const line = cut(`  ${plain(id, LONGEST_ID)}  ${toScoreText(before)} → ${toScoreText(now)}`, width);
      return paint(now < before ? 'red' : 'green', line);
    }),
    ...(rest > 0 ? [paint('dim', `  and ${rest} more`)] : []),
  ];
}

function lengthOf(text: string): number {
  return [...text].length;
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - lengthOf(text)));
}

function cut(line: string, width: number): string {
  const letters = [...line];
  return letters.length <= width ? line : `${letters.slice(0, width - 1).join('')}…`;
}
