// The report as Markdown: for comments on a change, where nothing of an output may become markup.
import type { CaseChange, Scorecard } from '../run/scorecard.ts';
import { escapeMarkdown } from './escape.ts';
import {
  type Report,
  toChangeText,
  toDuration,
  toFault,
  toPassText,
  toPercent,
  toScoreText,
  toTargetText,
  worstFirst,
} from './words.ts';

const MOST_CASES = 100;
const MOST_CHANGES = 20;

/** The report, with a line break at its end. */
export function toMarkdown({ scorecard, gate_decision }: Report): string {
  const { suite, summary, target, repeat, stability } = scorecard;
  const lines = [
    `# ${escapeMarkdown(suite)}: ${gate_decision.decision}`,
    '',
    ...gate_decision.checks.map(({ passed, message }) => `- ${passed ? '✓' : '**✗**'} ${escapeMarkdown(message)}`),
    '',
    `Average score **${toScoreText(summary.average_score)}**; ${toPassText(summary)}.`,
    ...(toTargetText(target) === '' ? [] : [`Target: ${escapeMarkdown(toTargetText(target))}.`]),
    ...(stability === undefined
      ? []
      : [`Each case was run ${repeat} times; ${toPercent(stability.share)} came out the same each time.`]),
    ...toTags(scorecard),
    ...toComparison(scorecard),
    ...toCases(scorecard),
  ];
  return `${lines.join('\n')}\n`;
}

function toTags({ tags }: Scorecard): readonly string[] {
  if (tags.length === 0) return [];
  return [
    '',
    '## Tags',
    '',
    '| tag | average | passed |',
    '| --- | ---: | --- |',
    ...tags.map((each) => row(escapeMarkdown(each.tag), toScoreText(each.average_score), toPassText(each))),
  ];
}

function toComparison({ comparison }: Scorecard): readonly string[] {
  if (comparison === undefined) return [];
  const { difference, common, improved, regressed, added, missing } = comparison;
  return [
    '',
    '## Against the baseline',
    '',
    `${toChangeText(difference)} on average over ${common} cases that both have; ${improved.length} better, ${regressed.length} worse, ${added.length} new, ${missing.length} gone.`,
    ...toChanges([...regressed, ...improved]),
  ];
}

function toChanges(changes: readonly CaseChange[]): readonly string[] {
  if (changes.length === 0) return [];
  return [
    '',
    '| case | before | now | change |',
    '| --- | ---: | ---: | ---: |',
    ...changes
      .slice(0, MOST_CHANGES)
      .map(({ id, before, now }) =>
        row(escapeMarkdown(id), toScoreText(before), toScoreText(now), toChangeText(now - before)),
      ),
    ...andMore(changes.length - MOST_CHANGES),
  ];
}

function toCases({ cases }: Scorecard): readonly string[] {
  if (cases.length === 0) return [];
  return [
    '',
    '## Cases',
    '',
    '| | case | score | time | |',
    '| --- | --- | ---: | ---: | --- |',
    ...worstFirst(cases)
      .slice(0, MOST_CASES)
      .map((each) =>
        row(
          each.passed ? '✓' : '✗',
          escapeMarkdown(each.id),
          toScoreText(each.score),
          toDuration(each.duration_ms),
          escapeMarkdown(toFault(each)),
        ),
      ),
    ...andMore(cases.length - MOST_CASES),
  ];
}

function row(...cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function andMore(count: number): readonly string[] {
  return count > 0 ? ['', `And ${count} more.`] : [];
}
