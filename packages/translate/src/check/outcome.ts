// What a call came to, and whether two calls came to the same.
import type { Json, JsonObject } from '@pypes/contract';

/** `refused`: the translation says itself that it cannot do this call as the source does. */
export type Outcome =
  | { readonly kind: 'value'; readonly value: Json }
  | { readonly kind: 'error' | 'refused'; readonly message: string };

/** A file's text and the arguments of its calls. */
export type Job = { readonly text: string; readonly calls: readonly JsonObject[] };

/** Runs each file's agent with each of its arguments; one process serves all of them. */
export type RunJobs = (jobs: readonly Job[]) => Promise<readonly (readonly Outcome[])[]>;

export type Difference = { readonly args: JsonObject; readonly source: Outcome; readonly target: Outcome };

const REFUSED =
  /Refused by the translation|Result of "?[\w-]*"? ?is not a finite|Result is not a finite number \(|Limit "/;

/** The outcome of an error's text. */
export function failed(message: string): Outcome {
  return { kind: REFUSED.test(message) ? 'refused' : 'error', message };
}

/** The calls that came to something else; a refusal is no difference, it is counted apart. */
export function compareOutcomes(
  calls: readonly JsonObject[],
  source: readonly Outcome[],
  target: readonly Outcome[],
): { readonly differences: readonly Difference[]; readonly refused: number; readonly values: number } {
  const differences: Difference[] = [];
  let [refused, values] = [0, 0];
  for (const [index, args] of calls.entries()) {
    const [before, after] = [source[index], target[index]];
    if (before === undefined || after === undefined)
      throw new Error(`A batch answered ${target.length} of ${calls.length} calls`);
    if (after.kind === 'refused' || before.kind === 'refused') refused++;
    else if (before.kind !== after.kind) differences.push({ args, source: before, target: after });
    else if (before.kind === 'value' && after.kind === 'value') {
      values++;
      if (canonical(before.value) !== canonical(after.value)) differences.push({ args, source: before, target: after });
    }
  }
  return { differences, refused, values };
}

/** The text of a value with its keys in their order; 1.0 and 1 are one JSON number, and so are 0 and -0. */
function canonical(value: Json): string {
  return JSON.stringify(value);
}
