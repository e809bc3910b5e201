// What two worlds differ in, and what that means for who used the first of them.

/** One difference. */
export type Reason = {
  /** Where: `export acme:stocks/api > get-price > parameter symbol`. */
  readonly path: string;
  readonly what: string;
  /** Whether something that used the first world fails with the second. */
  readonly breaking: boolean;
};

/** `equal`: no difference; `compatible`: who used the first can use the second; `breaking`: not everyone can. */
export type Verdict = 'equal' | 'compatible' | 'breaking';

/** A comparison with all its reasons. */
export type Comparison = { readonly verdict: Verdict; readonly reasons: readonly Reason[] };

/** The verdict that a list of differences comes to. */
export function toComparison(reasons: readonly Reason[]): Comparison {
  const verdict = reasons.length === 0 ? 'equal' : reasons.some(({ breaking }) => breaking) ? 'breaking' : 'compatible';
  return { verdict, reasons };
}

/** A place inside another. */
export function within(path: string, part: string): string {
  return path === '' ? part : `${path} > ${part}`;
}
