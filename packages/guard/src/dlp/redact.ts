// A value with what was found in it masked: the same shape, types and lengths.
import type { Json } from '@pypes/contract';
import type { Finding, Span } from './finding.ts';
import { keepDomain, keepLastFour, maskByClass } from './mask.ts';
import { replaceTexts, textsOf } from './walk.ts';

/**
 * Masks the findings of `scan` in the value that was scanned. A card keeps its last four digits and separators, an
 * address of mail its domain; all else becomes 0, x and X, encoded bytes zero bytes.
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
  const masked = maskFor(finding)(parts.join(''));
  let from = 0;
  return spans.map(({ node, start }, n) => {
    const length = (parts[n] as string).length;
    from += length;
    return { node, edit: { start, masked: masked.slice(from - length, from) } };
  });
}

/** What was in the open is masked as its kind asks; encoded bytes become zero bytes, so that they decode to nothing. */
function maskFor({ id, how }: Finding): (text: string) => string {
  const outermost = how[0];
  if (outermost === undefined || outermost === 'split') return KEEPING[id] ?? maskByClass;
  return ENCODED[outermost] ?? maskByClass;
}

const ENCODED: { readonly [encoding: string]: (text: string) => string } = {
  base64: (text) => text.replace(/[A-Za-z0-9+/_-]/g, 'A'),
  hex: (text) => text.replace(/[0-9A-Fa-f]/g, '0'),
};

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

/** No card is shorter. */
const SHORTEST_CARD = 13;

/** A number stays one: a card's last four digits behind a 1 and zeros, all else 0. */
function maskNumber(number: number, edits: readonly Edit[]): number {
  const text = String(number);
  const masked = apply(text, edits).replace(/^\*/, '1').replaceAll('*', '0');
  return text.length >= SHORTEST_CARD && /^1[0-9]+$/.test(masked) ? Number(masked) : 0;
}
