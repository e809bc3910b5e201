// The scanner: recognisers by name, and values to look through.
import { isTooDeep, type Json, MOST_JSON_DEPTH, PypesError } from '@pypes/contract';
import { createFind } from './find.ts';
import type { Finding } from './finding.ts';
import { inspect } from './inspect.ts';
import type { Recogniser } from './recognisers/recogniser.ts';
import { RECOGNISERS } from './recognisers/table.ts';
import { budgetFor } from './scan-text.ts';
import { textsOf } from './walk.ts';
import type { Window } from './window.ts';

/** Which recognisers look, by id. */
export type ScannerOptions = { readonly detect: readonly string[] };

/** Looks through values. */
export interface Scanner {
  /**
   * What is found in a value: in document order, then what is split over fields. `window` adds the ends of earlier
   * values. What could not be looked into within bounds is a finding too, of id `uninspected`.
   */
  scan(value: Json, window?: Window): readonly Finding[];
  /** As `scan`; also how many characters were read, at any layer. */
  measure(value: Json, window?: Window): { readonly findings: readonly Finding[]; readonly steps: number };
}

/**
 * A scanner for the given recognisers (spec 4, DLP). Time is linear in the size of the value.
 *
 * @example
 * createScanner({ detect: ['payment-card'] }).scan({ note: 'NDExMTExMTExMTExMTExMQ==' });
 * // [{ id: 'payment-card', pointer: '/note', start: 0, end: 22, how: ['base64'], preview: '************1111', … }]
 */
export function createScanner({ detect }: ScannerOptions): Scanner {
  const find = createFind([...new Set(detect)].flatMap(recognisersOf));
  const measure = (value: Json, window?: Window) => {
    if (isTooDeep(value)) {
      const reason = `The value is nested deeper than ${MOST_JSON_DEPTH} levels, so it was not inspected; send it flatter`;
      throw new PypesError('too_large', reason, { details: { limit: 'json_depth', maximum: MOST_JSON_DEPTH } });
    }
    const nodes = textsOf(value);
    const budget = budgetFor(nodes.reduce((sum, { text }) => sum + text.length, 0));
    const findings = inspect(find, nodes, budget, window);
    return { findings, steps: budget.steps };
  };
  return { measure, scan: (value, window) => measure(value, window).findings };
}

/** What can be detected. */
export const DETECTABLE: readonly string[] = [...new Set(RECOGNISERS.map(({ id }) => id))];

function recognisersOf(id: string): readonly Recogniser[] {
  const rows = RECOGNISERS.filter((row) => row.id === id);
  if (rows.length > 0) return rows;
  const known = DETECTABLE.join(', ');
  throw new PypesError('invalid_request', `There is nothing called "${id}" to detect; there are ${known}`);
}
