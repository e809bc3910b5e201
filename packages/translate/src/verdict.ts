// A verdict says which construct of which place does not translate, and why; a refusal carries all of them.
import { PypesError } from '@pypes/contract';

/** Where something stands in a source text; both count from 1. */
export type Place = { readonly line: number; readonly column: number };

/** One construct that does not translate. */
export type Verdict = Place & {
  readonly file: string;
  /** The construct in the source language's own words: `try`, `import os`, `str.format`. */
  readonly construct: string;
  readonly why: string;
};

/** Collects verdicts while a file is read, so that a person sees all of them at once. */
export type Refusals = {
  readonly list: readonly Verdict[];
  add(place: Place, construct: string, why: string): void;
};

export function createRefusals(file: string): Refusals {
  const list: Verdict[] = [];
  const seen = new Set<string>();
  return {
    list,
    add(place, construct, why) {
      const verdict = { file, line: place.line, column: place.column, construct, why };
      const key = JSON.stringify(verdict);
      if (!seen.has(key)) list.push(verdict);
      seen.add(key);
    },
  };
}

/** The error of a file that does not translate: `unsupported`, with details `{file, verdicts}`. */
export function refusal(file: string, to: string, verdicts: readonly Verdict[]): PypesError {
  const sorted = [...verdicts].sort((a, b) => a.line - b.line || a.column - b.column);
  const lines = sorted.map(({ line, column, construct, why }) => `${file}:${line}:${column} ${construct}: ${why}`);
  const count = sorted.length === 1 ? 'One construct does' : `${sorted.length} constructs do`;
  return new PypesError('unsupported', `${count} not translate to ${to}; nothing was written\n${lines.join('\n')}`, {
    details: { file, verdicts: sorted },
  });
}
