// Labels as they lie beside stored data: what goes into memory or an object comes out with what it carried.
import { isJsonObject, type Json, type JsonObject, PypesError } from '@pypes/contract';
import { type FieldLabels, joinFields, joinLabels, type Labels, NO_LABELS } from './lattice.ts';

/** The key of a memory document under which the labels of the other keys lie; guests do not reach it. */
export const LABELS_KEY = '$labels';

/** The labels of a value, whole and by field, with pointers and labels sorted; undefined where there are none. */
export function toStoredLabels(labels: Labels, fields: FieldLabels = new Map()): JsonObject | undefined {
  const all = joinFields(fields, labels.size === 0 ? new Map() : new Map([['', labels]]));
  const entries = [...all].filter(([, found]) => found.size > 0).sort(byName);
  return entries.length === 0
    ? undefined
    : Object.fromEntries(entries.map(([pointer, found]) => [pointer, [...found].sort()]));
}

/**
 * Reads what {@link toStoredLabels} made.
 *
 * @throws PypesError `internal` where it is something else: data whose labels cannot be read must not be taken for clean
 */
export function fromStoredLabels(stored: Json | undefined): FieldLabels {
  if (stored === undefined) return new Map();
  if (!isJsonObject(stored)) throw unreadable(stored);
  return new Map(Object.entries(stored).map(([pointer, labels]) => [pointer, toLabels(labels, stored)]));
}

/** The labels of one key of a memory document. */
export function labelsOfKey(document: JsonObject, key: string): FieldLabels {
  const all = tableOf(document);
  return Object.hasOwn(all, key) ? fromStoredLabels(all[key]) : new Map();
}

/** The labels of all keys, as those of the fields of the document: for whoever takes it out whole. */
export function labelsOfDocument(document: JsonObject): FieldLabels {
  const fields = new Map<string, Labels>();
  for (const [key, stored] of Object.entries(tableOf(document))) {
    const step = `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    for (const [pointer, labels] of fromStoredLabels(stored)) fields.set(step + pointer, labels);
  }
  return fields;
}

/**
 * The document after a write: every key whose value is new has the writer's labels, one that stays keeps its own, one
 * that is gone has none. Whoever takes the document out whole reads all of it, so that the writer's labels are those
 * of its context, everything read included. A key of `written` that has the value that it had carries both: who wrote
 * it chose it again.
 */
export function withKeyLabels(
  before: JsonObject,
  after: JsonObject,
  labels: Labels,
  fieldsOf: (key: string) => FieldLabels = () => new Map(),
  written: readonly string[] = [],
): JsonObject {
  const old = tableOf(before);
  const table: { [key: string]: Json } = {};
  for (const [key, value] of Object.entries(after)) {
    if (key === LABELS_KEY) continue;
    const isSameValue = Object.hasOwn(before, key) && isSame(before[key], value);
    const kept = isSameValue && Object.hasOwn(old, key) ? old[key] : undefined;
    const isWritten = !isSameValue || written.includes(key);
    const stored = isWritten ? toStoredLabels(labels, joinFields(fieldsOf(key), fromStoredLabels(kept))) : kept;
    if (stored !== undefined) Object.defineProperty(table, key, { value: stored, ...ORDINARY });
  }
  const { [LABELS_KEY]: _, ...rest } = after;
  return Object.keys(table).length === 0 ? rest : { ...rest, [LABELS_KEY]: table };
}

/** A key such as `__proto__` is a member like any other. */
const ORDINARY = { enumerable: true, configurable: true, writable: true };

function tableOf(document: JsonObject): JsonObject {
  const table = Object.hasOwn(document, LABELS_KEY) ? document[LABELS_KEY] : undefined;
  if (table === undefined) return {};
  if (!isJsonObject(table)) throw unreadable(table);
  return table;
}

function toLabels(labels: Json, stored: Json): Labels {
  if (!Array.isArray(labels) || !labels.every((label) => typeof label === 'string')) throw unreadable(stored);
  return (labels as readonly string[]).reduce((all, label) => joinLabels(all, new Set([label])), NO_LABELS);
}

function isSame(a: Json | undefined, b: Json): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function unreadable(stored: Json): PypesError {
  return new PypesError(
    'internal',
    `The stored labels ${JSON.stringify(stored).slice(0, 80)} are none; what they belong to stays closed until they are repaired or the data is removed`,
  );
}
