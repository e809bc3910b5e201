// What a scan reports: where and what, never the value itself.

/** A part of one text of a value. */
export type Span = {
  /** JSON Pointer (RFC 6901) of the value, or of the key's value. Keys that could say something secret are masked. */
  readonly pointer: string;
  readonly part: 'key' | 'value';
  /** Which text of the value it is, in document order. */
  readonly node: number;
  /** In UTF-16 code units of the text (of a number: of its decimal text). */
  readonly start: number;
  readonly end: number;
};

/** Something that was found (spec 4, DLP). Safe to log: it holds nothing of the value but its mask. */
export type Finding = Span & {
  /** The recogniser. */
  readonly id: string;
  /** Which of the recogniser's rules. */
  readonly rule?: string;
  /** What had to be undone to see it, outermost first; `split`: it was put together from several fields or calls. */
  readonly how: readonly string[];
  readonly preview: string;
  /** The other parts, when it is split. */
  readonly rest?: readonly Span[];
};
