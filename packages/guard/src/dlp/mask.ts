// Masks: what stands where a finding stood, of the same length and kinds of characters.
import { fold } from './decode/fold.ts';

/**
 * Digits become 0, letters x or X, all else stays.
 *
 * @example
 * maskByClass('GB82 WEST'); // 'XX00 XXXX'
 */
export function maskByClass(text: string): string {
  return mapCharacters(text, (code) => {
    const plain = code < 128 ? code : fold(code);
    if (plain >= 48 && plain <= 57) return '0';
    if (plain >= 65 && plain <= 90) return 'X';
    if (plain >= 97 && plain <= 122) return 'x';
    return undefined;
  });
}

/** Stars for all digits but the last four; separators stay. */
export function keepLastFour(text: string): string {
  let kept = 0;
  let masked = '';
  for (let at = text.length - 1; at >= 0; at--) {
    const character = text[at] as string;
    const isDigit = character >= '0' && character <= '9';
    masked = (isDigit && ++kept > 4 ? '*' : character) + masked;
  }
  return masked;
}

/** Stars for what stands before the `@`. */
export function keepDomain(text: string): string {
  const at = text.lastIndexOf('@');
  return '*'.repeat(Math.max(0, at)) + text.slice(Math.max(0, at));
}

/** Whether nothing is left to mask: a text that was masked, or a placeholder, is no finding. */
export function isMasked(text: string): boolean {
  return !/[1-9A-WYZa-wyz]/.test(text);
}

function mapCharacters(text: string, change: (code: number) => string | undefined): string {
  let changed = '';
  for (let at = 0; at < text.length; at++) changed += change(text.charCodeAt(at)) ?? text[at];
  return changed;
}
