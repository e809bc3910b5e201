// Masks: what stands where a finding stood, of the same length and kinds of characters.
import { fold } from './decode/fold.ts';

/**
 * Digits become 0, letters x or X, all else stays.
 *
 * @example
 * maskByClass('GB82 WEST'); // 'XX00 XXXX'
 */
export function maskByClass(text: string): string {
  let masked = '';
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    masked += maskOf(code < 128 ? code : fold(code))?.repeat(character.length) ?? character;
  }
  return masked;
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
  return !/(?![0xX])[\p{L}\p{N}]/u.test(text);
}

function maskOf(code: number): string | undefined {
  if (code >= 48 && code <= 57) return '0';
  if (code >= 65 && code <= 90) return 'X';
  if (code >= 97 && code <= 122) return 'x';
  return code > 127 && /[\p{L}\p{N}]/u.test(String.fromCodePoint(code)) ? 'x' : undefined;
}
