// Labels of errors: what an agent read may stand in the text it fails with, and whoever called it reads that.
import { joinLabels, type Labels } from './lattice.ts';

const known = new WeakMap<object, Labels>();

/** Joins labels to an error that came out of something that ran. */
export function markError(error: unknown, labels: Labels): void {
  if (typeof error !== 'object' || error === null) return;
  const before = known.get(error);
  known.set(error, before === undefined ? labels : joinLabels(before, labels));
}

/** Undefined for an error of which nothing ran: a policy made it, of what the caller gave. */
export function labelsOfError(error: unknown): Labels | undefined {
  return typeof error === 'object' && error !== null ? known.get(error) : undefined;
}
