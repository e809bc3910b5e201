// A decoded text that knows where in its source each of its characters came from.
import type { Range } from '../recognisers/recogniser.ts';

/** What can be undone. */
export type Encoding = 'base64' | 'hex' | 'url' | 'html' | 'escape' | 'unicode';

/** A decoded part of a source text. */
export type Layer = {
  readonly text: string;
  /** Where in the source each decoded character begins, and ends. What one ends with the next may begin with. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** What was undone in a range of the decoded text. */
  readonly encodings: (range: Range) => readonly Encoding[];
};

/** The part of the source that a range of the decoded text came from. */
export function toSource({ starts, ends }: Layer, { start, end }: Range): Range {
  return { start: starts[start] ?? 0, end: ends[end - 1] ?? 0 };
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
