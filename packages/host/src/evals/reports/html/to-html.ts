// The report as one HTML file: no script, nothing that is fetched, readable on a phone, light and dark.
import { escapeMarkup } from '../escape.ts';
import { type Report, toChangeText, toDuration, toPercent, toScoreText, toTargetText } from '../words.ts';
import { toCaseList } from './cases.ts';
import { toChangeChart } from './change-chart.ts';
import { toHistogram } from './histogram.ts';
import { STYLE } from './style.ts';
import { toTagChart } from './tag-chart.ts';

// A browser that opens the file runs and fetches nothing, whatever might have got into it.
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const KEY = '<span class="key pass"></span>passed, <span class="key fail"></span>not passed';

/** The whole file. */
export function toHtml({ scorecard, gate_decision }: Report): string {
  const { suite, cases, tags, comparison } = scorecard;
  const charts = [
    figure('Scores', `How many cases came to which score: ${KEY}`, cases.length === 0 ? '' : toHistogram(cases)),
    figure('Tags', 'Pass rate by tag, with its 95 % interval', toTagChart(tags)),
    figure('Against the baseline', 'Hollow: before. Filled: now. The largest change first', toChangeChart(comparison)),
  ];
  const word = gate_decision.decision === 'pass' ? 'Passed' : 'Failed';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeMarkup(suite)}: ${word.toLowerCase()}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<p class="eyebrow">Evaluation</p>
<h1>${escapeMarkup(suite)}</h1>
<p class="about">${aboutOf({ scorecard, gate_decision })}</p>
</header>
<main>
<section class="gate ${gate_decision.decision}" aria-label="Gate">
<h2><span class="mark" aria-hidden="true">${gate_decision.decision === 'pass' ? '✓' : '✗'}</span> ${word}</h2>
<ul>${gate_decision.checks.map(({ passed, message }) => `<li class="${passed ? 'pass' : 'fail'}"><span aria-hidden="true">${passed ? '✓' : '✗'}</span><span>${escapeMarkup(message)}</span></li>`).join('')}</ul>
</section>
${figures({ scorecard, gate_decision })}
<div class="charts">${charts.join('')}</div>
<section><h2>Cases</h2>${toCaseList(cases)}</section>
</main>
</body>
</html>
`;
}

function aboutOf({ scorecard: { target, started_at, finished_at, repeat } }: Report): string {
  const parts = [
    toTargetText(target),
    `${started_at.slice(0, 16).replace('T', ' ')} UTC`,
    toDuration(Date.parse(finished_at) - Date.parse(started_at)),
    repeat === 1 ? '' : `each case ${repeat} times`,
  ];
  return parts
    .filter((part) => part !== '')
    .map((part) => `<span>${escapeMarkup(part)}</span>`)
    .join('');
}

function figures({ scorecard: { summary, stability, comparison } }: Report): string {
  const { passed, total, pass_rate, interval, failed, average_score } = summary;
  const tiles: readonly (readonly [string, string, string])[] = [
    ['Average score', toScoreText(average_score), failed === 0 ? 'no errors' : `${failed} ended with an error`],
    [
      'Passed',
      `${passed} of ${total}`,
      `${toPercent(pass_rate)}, 95 % interval ${toPercent(interval.low)} to ${toPercent(interval.high)}`,
    ],
    ...(comparison === undefined ? [] : [changeTile(comparison)]),
    ...(stability === undefined
      ? []
      : [
          [
            'Stable',
            toPercent(stability.share),
            stability.flaky.length === 0
              ? 'no flaky case'
              : `flaky: ${stability.flaky.slice(0, 3).join(', ')}${stability.flaky.length > 3 ? ', …' : ''}`,
          ] as const,
        ]),
  ];
  return `<dl class="tiles">${tiles.map(([name, value, note]) => `<div><dt>${name}</dt><dd class="value">${escapeMarkup(value)}</dd><dd class="note">${escapeMarkup(note)}</dd></div>`).join('')}</dl>`;
}

function changeTile({
  difference,
  improved,
  regressed,
  added,
  missing,
}: NonNullable<Report['scorecard']['comparison']>) {
  const counts = [
    [improved.length, 'better'],
    [regressed.length, 'worse'],
    [added.length, 'new'],
    [missing.length, 'gone'],
  ] as const;
  const words = counts.flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`]));
  return [
    'Since the baseline',
    toChangeText(difference),
    words.length === 0 ? 'nothing changed' : words.join(', '),
  ] as const;
}

function figure(title: string, caption: string, chart: string): string {
  return chart === '' ? '' : `<figure><figcaption><h2>${title}</h2><p>${caption}</p></figcaption>${chart}</figure>`;
}
