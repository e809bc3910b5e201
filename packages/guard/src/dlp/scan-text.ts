// Finds what recognisers describe in one text and in everything that is encoded in it, layer by layer.
import { type Encoding, type Layer, toSource } from './decode/layer.ts';
import { eachLayer } from './decode/layers.ts';
import type { Find, Found, Meter } from './find.ts';
import { maskByClass } from './mask.ts';
import type { Range, Recogniser, Subject } from './recognisers/recogniser.ts';
import { UNINSPECTED } from './recognisers/uninspected.ts';

/** Something that was found: where in the source, how it was encoded, outermost first, and what it looks like masked. */
export type Hit = Range & {
  readonly recogniser: Recogniser;
  readonly how: readonly Encoding[];
  readonly preview: string;
};

/** What one scan may still decode, and what it did. */
export type Budget = Meter & { left: number };

/** Encodings within encodings are undone so often. */
export const MOST_LAYERS = 4;
/** So much may be decoded for each character of a text, over all layers. */
const DECODED_PER_CHARACTER = 8;
const DECODED_ALWAYS = 65_536;
const LONGEST_PREVIEW = 48;

/** The budget for a text, or texts, of so many characters. */
export function budgetFor(characters: number): Budget {
  return { steps: 0, left: characters * DECODED_PER_CHARACTER + DECODED_ALWAYS };
}

/** Everything that is found in a text, at any depth, in places of that text. */
export function scanText(find: Find, subject: Subject, budget: Budget, depth = 0): readonly Hit[] {
  const found = find(subject, budget);
  const hits = found.matches.map((match) => toHit(subject, match));
  if (depth >= MOST_LAYERS) return hits;
  let known: Set<string> | undefined;
  eachLayer(subject.text, found, (layer, range) => {
    budget.left -= layer.text.length;
    budget.steps += layer.text.length;
    if (budget.left < 0) {
      if (!hits.some(({ recogniser }) => recogniser === UNINSPECTED)) hits.push(uninspected(range));
      return false;
    }
    for (const inner of scanText(find, { text: layer.text }, budget, depth + 1)) {
      const hit = outward(inner, layer);
      known ??= new Set(hits.map(keyOf));
      if (!known.has(keyOf(hit))) hits.push(hit);
      known.add(keyOf(hit));
    }
    return true;
  });
  return hits;
}

function uninspected(range: Range): Hit {
  return { ...range, recogniser: UNINSPECTED, how: [], preview: '' };
}

function toHit({ text }: Subject, { recogniser, start, end }: Found['matches'][number]): Hit {
  const shown = text.slice(start, end);
  const masked = (recogniser.mask ?? maskByClass)(shown.slice(-LONGEST_PREVIEW));
  return { recogniser, start, end, how: [], preview: shown.length > LONGEST_PREVIEW ? `…${masked}` : masked };
}

function keyOf({ recogniser, start, end }: Hit): string {
  return `${start}:${end}:${recogniser.id}:${recogniser.rule ?? ''}`;
}

function outward(inner: Hit, layer: Layer): Hit {
  return { ...inner, ...toSource(layer, inner), how: [...layer.encodings(inner), ...inner.how] };
}
