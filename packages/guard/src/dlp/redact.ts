// A value with what was found in it masked: the same shape, types and lengths.
import type { Json } from '@pypes/contract';
import type { Finding, Span } from './finding.ts';
import { keepDomain, keepLastFour, maskByClass } from './mask.ts';
import { replaceTexts, textsOf } from './walk.ts';

/**
 * Masks the findings of `scan` in the value that was scanned. A card keeps its last four digits and separators, an
 * address of mail its domain; all else becomes 0, x and X. What was encoded, or in a number, is masked whole.
 *
 * @example
 * redact({ card: '4111 1111 1111 1111' }, findings); // { card: '**** **** **** 1111' }
 */
export function redact(value: Json, findings: readonly Finding[]): Json {
  if (findings.length === 0) return value;
  const texts = textsOf(value).map(({ text }) => text);
  const edits = new Map<number, Edit[]>();
  for (const finding of findings) {
    for (const { node, edit } of editsOf(finding, texts)) {
      const known = edits.get(node);
      if (known === undefined) edits.set(node, [edit]);
      else known.push(edit);
    }
  }
  return replaceTexts(value, (node, text) => {
    const own = edits.get(node);
    if (own === undefined) return text;
    return typeof text === 'string' ? apply(text, own) : maskNumber(text, own);
  });
}

type Edit = { readonly start: number; readonly masked: string };

function editsOf(
  finding: Finding,
  texts: readonly string[],
): readonly { readonly node: number; readonly edit: Edit }[] {
  const spans: readonly Span[] = [finding, ...(finding.rest ?? [])];
  const parts = spans.map(({ node, start, end }) => (texts[node] ?? '').slice(start, end));
  const isPlain = finding.how.every((step) => step === 'split');
  const masked = (isPlain ? (KEEPING[finding.id] ?? maskByClass) : maskByClass)(parts.join(''));
  let from = 0;
  return spans.map(({ node, start }, n) => {
    const length = (parts[n] as string).length;
    from += length;
    return { node, edit: { start, masked: masked.slice(from - length, from) } };
  });
}

/** Masks that leave something to recognise. */
const KEEPING: { readonly [id: string]: (text: string) => string } = {
  'payment-card': keepLastFour,
  email: keepDomain,
};

/** Where masks overlap, what one of them hides is hidden. */
function apply(text: string, edits: readonly Edit[]): string {
  const units = Array.from({ length: text.length }, (_, at) => text[at] as string);
  for (const { start, masked } of edits) {
    for (let n = 0; n < masked.length; n++) {
      if (masked[n] !== text[start + n]) units[start + n] = masked[n] as string;
    }
  }
  return units.join('');
}

/** A number stays one: a card's last four digits behind a 1 and zeros, all else 0. */
function maskNumber(number: number, edits: readonly Edit[]): number {
  const masked = apply(String(number), edits).replace(/^\*/, '1').replaceAll('*', '0');
  return /^1[0-9]+$/.test(masked) && edits.length === 1 && masked.length === edits[0]?.masked.length
    ? Number(masked)
    : 0;
}
