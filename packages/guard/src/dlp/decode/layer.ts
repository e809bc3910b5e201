// A decoded text that knows where in its source each of its characters came from.
import type { Range } from '../recognisers/recogniser.ts';

/** What can be undone. */
export type Encoding = 'base64' | 'hex' | 'url' | 'html' | 'escape' | 'unicode';

/** A decoded part of a source text. */
export type Layer = {
  readonly text: string;
  /** Where in the source each decoded character begins; one more entry, for the end. */
  readonly starts: Int32Array;
  /** The last source character of one decoded character may be the first of the next (as in base64): 1, else 0. */
  readonly spill: 0 | 1;
  /** What was undone in a range of the decoded text. */
  readonly encodings: (range: Range) => readonly Encoding[];
};

/** The part of the source that a range of the decoded text came from. */
export function toSource({ starts, spill }: Layer, { start, end }: Range): Range {
  const last = starts.length - 1;
  return { start: starts[start] ?? 0, end: Math.min((starts[end] ?? 0) + (end < last ? spill : 0), starts[last] ?? 0) };
}

/** As many arguments as a call takes anywhere. */
const CHUNK = 8192;

/** Text from UTF-16 code units. */
export function textOf(units: Uint16Array): string {
  let text = '';
  for (let at = 0; at < units.length; at += CHUNK) {
    // Spreading would first make an ordinary array of them.
    text += Reflect.apply(String.fromCharCode, undefined, units.subarray(at, at + CHUNK));
  }
  return text;
}
