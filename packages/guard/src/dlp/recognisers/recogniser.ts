// What a recogniser is: a row of data with a linear pattern, and a check for what a pattern cannot say.

/** A text that is looked at. `breaks` are the places where one field ends and the next begins, in a joined text. */
export type Subject = { readonly text: string; readonly breaks?: ReadonlySet<number> };

/** A part of a text, from `start` to before `end`. */
export type Range = { readonly start: number; readonly end: number };

/** One kind of thing that is looked for (spec 4, DLP). */
export interface Recogniser {
  /** The name that `detect` knows it by. Several rows may share one. */
  readonly id: string;
  /** Which row it is, where several share the name. */
  readonly rule?: string;
  /** In the language of `patterns/parse.ts`. */
  readonly pattern: string;
  /** Class of characters that must not stand right before a match; a letter, digit or `_` where left out. */
  readonly notBefore?: string;
  /** Class of characters that must not stand right after a match; a letter, digit or `_` where left out. */
  readonly notAfter?: string;
  /** A match begins up to `most` characters of this class earlier, at least one. */
  readonly back?: { readonly set: string; readonly most: number };
  /** A match goes on as long as the characters are of this class. */
  readonly tail?: string;
  /** Whether a match counts, or which part of it. Reads a bounded part of the text. */
  readonly check?: (subject: Subject, match: Range) => boolean | Range;
  /** Whether it may be put together from several fields, or calls. */
  readonly split?: false;
  /** Masks a match, character for character. */
  readonly mask?: (text: string) => string;
  /** Texts in which there is one, for the tests. */
  readonly hits: readonly string[];
  /** Texts that come close and have none. */
  readonly misses: readonly string[];
}
