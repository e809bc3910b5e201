// The label lattice: sets of marks joined by union, for whole values and field by field (spec 4, labels).
import type { Json, Label } from '@pypes/contract';

/** What a value may be: `private` must not reach everybody, `untrusted` must not decide what is done. */
export type Mark = 'private' | 'untrusted';

/** A set of labels: `private` or `untrusted`, alone or followed by `:` and where it came from (`private:mail.read`). */
export type Labels = ReadonlySet<Label>;

/**
 * Labels by JSON pointer: those of a pointer hold for the value there and for all within it. The empty pointer is
 * the whole value.
 */
export type FieldLabels = ReadonlyMap<string, Labels>;

/** The least element: public, trusted. */
export const NO_LABELS: Labels = new Set();

/** The least upper bound. Gives back an operand where that is the result. */
export function joinLabels(a: Labels, b: Labels): Labels {
  if (b.size === 0 || a === b) return a;
  if (a.size === 0) return b;
  return isBelow(b, a) ? a : isBelow(a, b) ? b : new Set([...a, ...b]);
}

/** Whether whatever may hold `high` may hold `low`: the order of the lattice. */
export function isBelow(low: Labels, high: Labels): boolean {
  if (low.size > high.size) return false;
  for (const label of low) if (!high.has(label)) return false;
  return true;
}

/** The mark of a label: what stands before its origin. */
export function markOf(label: Label): string {
  const end = label.indexOf(':');
  return end === -1 ? label : label.slice(0, end);
}

/** Whether one of the labels has this mark, whatever its origin. */
export function hasMark(labels: Labels, mark: Mark): boolean {
  for (const label of labels) if (markOf(label) === mark) return true;
  return false;
}

/** The labels without those of this mark: what declassifying (`private`) or endorsing (`untrusted`) leaves. */
export function withoutMark(labels: Labels, mark: Mark): Labels {
  return hasMark(labels, mark) ? new Set([...labels].filter((label) => markOf(label) !== mark)) : labels;
}

/** The labels of the value at a pointer: those of everything around it and of everything within it. */
export function labelsAt(fields: FieldLabels, pointer: string): Labels {
  let found = NO_LABELS;
  for (const [at, labels] of fields)
    if (isWithin(pointer, at) || isWithin(at, pointer)) found = joinLabels(found, labels);
  return found;
}

/** The labels of a part that was taken out of a value, by pointers into the part. */
export function fieldsAt(fields: FieldLabels, pointer: string): FieldLabels {
  const taken = new Map<string, Labels>();
  for (const [at, labels] of fields) {
    const inside = isWithin(pointer, at) ? '' : isWithin(at, pointer) ? at.slice(pointer.length) : undefined;
    if (inside !== undefined) taken.set(inside, joinLabels(taken.get(inside) ?? NO_LABELS, labels));
  }
  return taken;
}

/** The labels of a value that stands at `pointer` of a greater one. */
export function placeFields(fields: FieldLabels, pointer: string): FieldLabels {
  return pointer === '' ? fields : new Map([...fields].map(([at, labels]) => [pointer + at, labels]));
}

/** The join of two values' labels, pointer by pointer. */
export function joinFields(a: FieldLabels, b: FieldLabels): FieldLabels {
  if (b.size === 0) return a;
  if (a.size === 0) return b;
  const joined = new Map(a);
  for (const [at, labels] of b) joined.set(at, joinLabels(joined.get(at) ?? NO_LABELS, labels));
  return joined;
}

/** Everything that a value carries. */
export function allLabels(fields: FieldLabels): Labels {
  let all = NO_LABELS;
  for (const labels of fields.values()) all = joinLabels(all, labels);
  return all;
}

/** The value at a JSON pointer (RFC 6901); undefined where there is none. */
export function valueAt(value: Json, pointer: string): Json | undefined {
  let found: Json | undefined = value;
  for (const step of pointer.split('/').slice(1)) {
    if (typeof found !== 'object' || found === null) return undefined;
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(found) && !ARRAY_INDEX.test(key)) return undefined;
    found = Object.hasOwn(found, key) ? (found as { readonly [key: string]: Json })[key] : undefined;
  }
  return found;
}

/** One step of a JSON pointer. */
export function toStep(key: string | number): string {
  return `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** Elements of a list, and not its length. */
const ARRAY_INDEX = /^(?:0|[1-9]\d*)$/;

/** Whether a pointer names the value at `outer` or something in it. */
export function isWithin(pointer: string, outer: string): boolean {
  return pointer === outer || (pointer.startsWith(outer) && pointer.charAt(outer.length) === '/');
}
