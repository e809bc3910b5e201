// Finds what recognisers describe in one text and in everything that is encoded in it, layer by layer.
import { decodeBase64, readBase64 } from './decode/base64.ts';
import { decodeHex, decodeHexPairs } from './decode/hex.ts';
import { type Encoding, type Layer, toSource } from './decode/layer.ts';
import { ESCAPE_REACH, undoEscapes } from './decode/unescape.ts';
import type { BytesKind, Find, Found, Meter } from './find.ts';
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
  const known = new Set(hits.map(keyOf));
  for (const place of placesOf(subject.text, found)) {
    for (const layer of place.layers()) {
      budget.left -= layer.text.length;
      budget.steps += layer.text.length;
      if (budget.left < 0) return withUninspected(hits, place.range);
      for (const inner of scanText(find, { text: layer.text }, budget, depth + 1)) {
        const hit = outward(inner, layer);
        if (known.has(keyOf(hit))) continue;
        known.add(keyOf(hit));
        hits.push(hit);
      }
    }
  }
  return hits;
}

function withUninspected(hits: readonly Hit[], range: Range): readonly Hit[] {
  if (hits.some(({ recogniser }) => recogniser === UNINSPECTED)) return hits;
  return [...hits, { ...range, recogniser: UNINSPECTED, how: [], preview: '' }];
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

/** A part of a text that may be something encoded, and the ways to read it. */
type Place = { readonly range: Range; readonly layers: () => Iterable<Layer> };

function* placesOf(text: string, { encoded, escaped }: Found): Iterable<Place> {
  yield* regionsOf(text, escaped);
  for (const kind of ['base64', 'hex', 'hex-pairs'] as const) {
    let until = -1;
    for (const place of encoded) {
      if (place.kind !== kind || place.start < until) continue;
      const { end, layers } = DECODERS[kind](text, place.start);
      until = end;
      yield { range: { start: place.start, end }, layers };
    }
  }
}

type Decoded = { readonly end: number; readonly layers: () => Iterable<Layer> };

const DECODERS: { readonly [Kind in BytesKind]: (text: string, start: number) => Decoded } = {
  base64: (text, start) => {
    const run = readBase64(text, start);
    return {
      end: run.end,
      *layers() {
        for (const offset of [0, 1, 2, 3]) {
          const layer = decodeBase64(run, offset);
          if (layer !== undefined) yield layer;
        }
      },
    };
  },
  hex: (text, start) => {
    const { end, layers } = decodeHex(text, start);
    return { end, layers: () => layers };
  },
  'hex-pairs': (text, start) => {
    const { end, layers } = decodeHexPairs(text, start);
    return { end, layers: () => layers };
  },
};

/** Escapes with the text around them. */
function* regionsOf(text: string, escaped: readonly Range[]): Iterable<Place> {
  for (const { start, end } of escaped) {
    const range = { start: Math.max(0, start - ESCAPE_REACH), end: Math.min(text.length, end + ESCAPE_REACH) };
    yield {
      range,
      *layers() {
        const layer = undoEscapes(text, range);
        if (layer !== undefined) yield layer;
      },
    };
  }
}
