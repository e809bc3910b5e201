// What the charts share: a width that fits a phone without shrinking the text, and texts that fit their place.
import { escapeMarkup } from '../escape.ts';

/** Units of every chart's width; about the pixels of a narrow phone. */
export const WIDTH = 360;

/** A whole chart, with what it shows in words for those who do not see it. */
export function svg(height: number, words: string, body: string): string {
  return `<svg viewBox="0 0 ${WIDTH} ${Math.ceil(height)}" role="img" aria-label="${escapeMarkup(words)}">${body}</svg>`;
}

/** A text, cut to so many characters in its middle: names often differ at their ends. Pointing at it shows all of it. */
export function label(
  x: number,
  y: number,
  text: string,
  most: number,
  anchor: 'start' | 'middle' | 'end' = 'start',
): string {
  const letters = [...text];
  const isCut = letters.length > most;
  const shown = isCut ? `${letters.slice(0, most - END - 1).join('')}…${letters.slice(-END).join('')}` : text;
  const whole = isCut ? `<title>${escapeMarkup(text)}</title>` : '';
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${whole}${escapeMarkup(shown)}</text>`;
}

const END = 6;

/** Enough digits for a screen. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
