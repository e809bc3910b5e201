// Every case as a line that opens: the worst first, with what came out and what was wrong with it.
import type { CaseResult } from '../../run/scorecard.ts';
import { escapeMarkup } from '../escape.ts';
import { toDuration, toFault, toScoreText, worstFirst } from '../words.ts';

/** More would make a file that no browser likes to open. */
const MOST_CASES = 1000;

/** The list. */
export function toCaseList(cases: readonly CaseResult[]): string {
  if (cases.length === 0) return '<p>There are none.</p>';
  const shown = worstFirst(cases).slice(0, MOST_CASES);
  const rest = cases.length - shown.length;
  const more = rest > 0 ? `<p class="note">And ${rest} more, which came out better.</p>` : '';
  return `<div class="cases">${shown.map(toCase).join('')}</div>${more}`;
}

function toCase(each: CaseResult): string {
  const fault = toFault(each);
  const kind = each.passed ? 'pass' : 'fail';
  const tags = each.tags.map((tag) => `<span class="tag">${escapeMarkup(tag)}</span>`).join('');
  const bar = `<span class="bar" aria-hidden="true"><span class="${kind}" style="width:${Math.round(each.score * 100)}%"></span></span>`;
  return `<details class="${kind}"><summary><span class="mark">${each.passed ? '✓' : '✗'}<span class="unseen"> ${each.passed ? 'passed' : 'not passed'}</span></span><span class="id">${escapeMarkup(each.id)}</span><span class="score">${bar}<span class="points">${toScoreText(each.score)}</span></span><span class="time">${toDuration(each.duration_ms)}</span>${fault === '' ? '' : `<span class="fault">${escapeMarkup(fault)}</span>`}</summary><div class="more">${tags === '' ? '' : `<p>${tags}</p>`}${more(each)}</div></details>`;
}

function more({ reason, scores, output, passed }: CaseResult): string {
  const lines = [
    ...(passed && reason !== undefined ? [`<p>${escapeMarkup(reason)}</p>`] : []),
    ...(scores === undefined ? [] : [`<p class="note">Scores of each time: ${scores.map(toScoreText).join(', ')}</p>`]),
    output === undefined
      ? '<p class="note">There is no output.</p>'
      : `<p class="note">Output</p><pre>${escapeMarkup(output)}</pre>`,
  ];
  return lines.join('');
}
