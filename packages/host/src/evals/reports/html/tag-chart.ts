// The pass rate of each tag as a bar, and the interval that it stands for as a whisker.
import type { Scorecard } from '../../run/scorecard.ts';
import { toPassText, toPercent } from '../words.ts';
import { label, round, svg, WIDTH } from './svg.ts';

const MOST_TAGS = 20;
const ROW = 34;
const RIGHT = 52;
const LEFT = 2;

/** The chart; empty where there are no tags. The lowest rates come first where there are too many. */
export function toTagChart(tags: Scorecard['tags']): string {
  if (tags.length === 0) return '';
  const shown = [...tags].sort((a, b) => a.pass_rate - b.pass_rate || (a.tag < b.tag ? -1 : 1)).slice(0, MOST_TAGS);
  const scale = WIDTH - LEFT - RIGHT;
  const rows = shown.map((each, index) => {
    const y = index * ROW;
    const { low, high } = each.interval;
    const [from, to] = [LEFT + low * scale, LEFT + high * scale];
    const middle = y + 23;
    const track = `<rect class="track" x="${LEFT}" y="${y + 18}" width="${scale}" height="10" rx="3"/>`;
    const bar = `<rect class="pass" x="${LEFT}" y="${y + 18}" width="${round(each.pass_rate * scale)}" height="10" rx="3"/>`;
    const whisker = `<path class="whisker" d="M${round(from)} ${middle}H${round(to)}M${round(from)} ${middle - 5}v10M${round(to)} ${middle - 5}v10"/>`;
    const value = label(WIDTH, y + 27, toPercent(each.pass_rate), 8, 'end');
    return `<g><title>${toPassText(each)}</title>${label(LEFT, y + 12, each.tag, 40)}<g class="soft">${label(WIDTH - RIGHT, y + 12, `${each.passed} of ${each.total}`, 16, 'end')}</g>${track}${bar}${whisker}${value}</g>`;
  });
  const rest = tags.length - shown.length;
  const more =
    rest > 0
      ? `<g class="soft">${label(LEFT, shown.length * ROW + 14, `and ${rest} more, with higher rates`, 60)}</g>`
      : '';
  return svg(shown.length * ROW + (rest > 0 ? 22 : 2), `Pass rates of ${tags.length} tags`, rows.join('') + more);
}
