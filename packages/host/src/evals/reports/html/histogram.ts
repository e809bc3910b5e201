// How many cases came to which score: ten bars, those that passed and those that did not.
import type { CaseResult } from '../../run/scorecard.ts';
import { label, round, svg, WIDTH } from './svg.ts';

const BINS = 10;
const TOP = 20;
const PLOT = 130;
const LEFT = 8;

/** The chart. */
export function toHistogram(cases: readonly CaseResult[]): string {
  const bins = Array.from({ length: BINS }, () => ({ passed: 0, others: 0 }));
  for (const { score, passed } of cases) {
    const bin = bins[Math.min(BINS - 1, Math.floor(score * BINS + 1e-9))] as (typeof bins)[number];
    if (passed) bin.passed += 1;
    else bin.others += 1;
  }
  const most = Math.max(...bins.map(({ passed, others }) => passed + others));
  const step = (WIDTH - 2 * LEFT) / BINS;
  const base = TOP + PLOT;
  const bars = bins.map(({ passed, others }, index) => {
    const x = LEFT + index * step;
    const count = passed + others;
    if (count === 0) return '';
    const height = (count / most) * PLOT;
    const upper = (passed / most) * PLOT;
    const box = (y: number, size: number, kind: string) =>
      size === 0
        ? ''
        : `<rect class="${kind}" x="${round(x + 2)}" y="${round(y)}" width="${round(step - 4)}" height="${round(size)}" rx="2"/>`;
    const range = `${index / BINS} to ${(index + 1) / BINS}: ${passed} passed, ${others} did not`;
    return `<g><title>${range}</title>${box(base - height, upper, 'pass')}${box(base - height + upper, height - upper, 'fail')}${label(x + step / 2, base - height - 6, String(count), 6, 'middle')}</g>`;
  });
  const axis = `<path class="axis" d="M${LEFT} ${base}H${WIDTH - LEFT}"/>`;
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1].map(
    (tick) =>
      `<g class="soft">${label(LEFT + tick * (WIDTH - 2 * LEFT), base + 18, String(tick), 4, tick === 0 ? 'start' : tick === 1 ? 'end' : 'middle')}</g>`,
  );
  const words = `Histogram of the scores of ${cases.length} cases`;
  return svg(base + 26, words, bars.join('') + axis + ticks.join(''));
}
