// Cases whose score changed since the baseline: where each was, where it is, and the way between.
import type { Comparison } from '../../run/scorecard.ts';
import { toChangeText, toScoreText } from '../words.ts';
import { label, round, svg, WIDTH } from './svg.ts';

const MOST_CASES = 20;
const ROW = 34;
const LEFT = 8;
const RIGHT = 58;
const TOP = 4;

/** The chart; empty where there is no baseline, or nothing changed. */
export function toChangeChart(comparison: Comparison | undefined): string {
  if (comparison === undefined) return '';
  const all = [...comparison.regressed, ...comparison.improved];
  if (all.length === 0) return '';
  const shown = [...all].sort((a, b) => Math.abs(b.now - b.before) - Math.abs(a.now - a.before)).slice(0, MOST_CASES);
  const scale = WIDTH - LEFT - RIGHT;
  const at = (score: number) => round(LEFT + score * scale);
  const rows = shown.map(({ id, before, now }, index) => {
    const y = TOP + index * ROW;
    const kind = now < before ? 'fail' : 'pass';
    const middle = y + 23;
    const words = `<title>${toScoreText(before)} before, ${toScoreText(now)} now</title>`;
    const track = `<path class="axis" d="M${at(0)} ${middle}H${at(1)}"/>`;
    const way = `<path class="way ${kind}" d="M${at(before)} ${middle}H${at(now)}"/>`;
    const dots = `<circle class="before" cx="${at(before)}" cy="${middle}" r="4.5"/><circle class="${kind}" cx="${at(now)}" cy="${middle}" r="5.5"/>`;
    return `<g>${words}${label(LEFT, y + 12, id, 44)}${track}${way}${dots}${label(WIDTH, middle + 4, toChangeText(now - before), 8, 'end')}</g>`;
  });
  const base = TOP + shown.length * ROW;
  const ticks = [0, 0.5, 1].map((tick) => label(at(tick), base + 14, String(tick), 4, 'middle'));
  const rest = all.length - shown.length;
  const more = rest > 0 ? label(LEFT, base + 32, `and ${rest} more, with smaller changes`, 60) : '';
  const words = `Scores before and now of ${shown.length} cases that changed`;
  return svg(base + (rest > 0 ? 40 : 20), words, `${rows.join('')}<g class="soft">${ticks.join('')}${more}</g>`);
}
