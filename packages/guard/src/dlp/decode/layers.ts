// All that is encoded in a text, decoded: one layer for each place and way to read it.
import type { Found } from '../find.ts';
import type { Range } from '../recognisers/recogniser.ts';
import { decodeBase64, endOfBase64 } from './base64.ts';
import { decodeHex, decodeHexPairs } from './hex.ts';
import type { Layer } from './layer.ts';
import { ESCAPE_REACH, undoEscapes } from './unescape.ts';

/** Takes a layer and the part of the text that it was decoded from; returns whether to go on. */
export type TakeLayer = (layer: Layer, range: Range) => boolean;

/** Hands on each layer, until one is not wanted any more. Runs of one kind do not overlap, so that this is linear. */
export function eachLayer(text: string, { encoded, escaped }: Found, take: TakeLayer): void {
  for (const { start, end } of escaped) {
    const range = { start: Math.max(0, start - ESCAPE_REACH), end: Math.min(text.length, end + ESCAPE_REACH) };
    const layer = undoEscapes(text, range);
    if (layer !== undefined && !take(layer, range)) return;
  }
  const until = { base64: 0, hex: 0, 'hex-pairs': 0 };
  for (const { kind, start } of encoded) {
    if (start < until[kind]) continue;
    const end = kind === 'base64' ? eachBase64(text, start, take) : eachHex(text, start, kind === 'hex-pairs', take);
    if (end === STOPPED) return;
    until[kind] = end;
  }
}

const STOPPED = -1;
const ALIGNMENTS = 4;

function eachBase64(text: string, start: number, take: TakeLayer): number {
  const range = { start, end: endOfBase64(text, start) };
  for (let offset = 0; offset < ALIGNMENTS; offset++) {
    const layer = decodeBase64(text, range, offset);
    if (layer !== undefined && !take(layer, range)) return STOPPED;
  }
  return range.end;
}

function eachHex(text: string, start: number, inPairs: boolean, take: TakeLayer): number {
  const { layers, end } = inPairs ? decodeHexPairs(text, start) : decodeHex(text, start);
  return layers.every((layer) => take(layer, { start, end })) ? end : STOPPED;
}
