// One check under way: where in the value it stands, what it found, and how much it may still do.
import type { Json, Violation } from '@pypes/contract';
import type { Check } from './compilation.ts';
import type { Marks } from './marks.ts';
import type { Resource } from './references.ts';

export const MOST_VIOLATIONS = 100;

/** Subschemas within each other, by the schema or by the value. */
const MOST_DEPTH = 1000;

/** Subschemas applied, in one check. References to references can ask for a number beyond any bound. */
const MOST_STEPS = 20_000_000;

/** The state of one check. `reporting` false stops at the first violation, and finds no words for it. */
export type Run = {
  reporting: boolean;
  readonly violations: Violation[];
  readonly path: (string | number)[];
  depth: number;
  steps: number;
  /** What has been evaluated of the present object or array; only where the schema asks for it. */
  marks: Marks | undefined;
  /** The resources that references led through, outermost first; only where `$dynamicRef` asks for it. */
  readonly scope: Resource[];
};

export function createRun(reporting: boolean): Run {
  return { reporting, violations: [], path: [], depth: 0, steps: 0, marks: undefined, scope: [] };
}

/** The value or the schema asks for more than any check may take. */
export class TooMuchWork extends Error {
  override readonly name = 'TooMuchWork';
}

/** Counts one application of a subschema. @throws TooMuchWork */
export function enter(run: Run): void {
  run.depth += 1;
  run.steps += 1;
  if (run.depth > MOST_DEPTH || run.steps > MOST_STEPS) throw new TooMuchWork('Too much work');
}

/** Adds a violation where the check stands, and is false: `return fail(run, …)`. */
export function fail(run: Run, message: () => string): false {
  if (run.reporting && run.violations.length < MOST_VIOLATIONS) {
    run.violations.push({ path: pointer(run.path), message: message() });
  }
  return false;
}

/** Runs a check on what the value holds at `key`. */
export function descend(check: Check, value: Json, key: string | number, run: Run): boolean {
  const { marks } = run;
  run.marks = undefined;
  run.path.push(key);
  const valid = check(value, run);
  run.path.pop();
  run.marks = marks;
  return valid;
}

/** Runs a check whose violations nobody will read. */
export function silently(run: Run, check: () => boolean): boolean {
  const { reporting } = run;
  run.reporting = false;
  const valid = check();
  run.reporting = reporting;
  return valid;
}

function pointer(path: readonly (string | number)[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
