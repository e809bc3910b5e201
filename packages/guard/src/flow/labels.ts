// What a manifest says about the flow of an export, as labels: what its results are, and where its arguments go.
import { isJsonObject, type Json, type Label, PypesError } from '@pypes/contract';
import { type Labels, NO_LABELS } from './lattice.ts';

/** What a result is (spec 4, `reads`). */
export const READS = ['private', 'untrusted', 'public'] as const;
/** What a call does to the world (spec 4, `sends`). */
export const SENDS = ['network', 'message', 'write', 'destructive', 'none'] as const;

export type Read = (typeof READS)[number];
export type Sink = Exclude<(typeof SENDS)[number], 'none'>;

/** The flow of one export. */
export type ToolLabels = {
  readonly reads: readonly Read[];
  readonly sends: readonly (typeof SENDS)[number][];
  /** JSON pointers of the arguments that decide where something goes. */
  readonly destinations?: readonly string[];
};

/** What a manifest says about its exports, by name; `*` holds for those that it does not name. */
export type ManifestLabels = { readonly [exportName: string]: ToolLabels };

/**
 * Reads the `[labels]` section of a manifest, with `destinations` as names of arguments or JSON pointers.
 *
 * @throws PypesError `invalid_request` that says which entry is wrong
 * @example
 * parseManifestLabels({ send: { reads: [], sends: ['message'], destinations: ['to'] } });
 */
export function parseManifestLabels(value: Json | undefined, where = 'labels'): ManifestLabels {
  if (value === undefined) return {};
  if (!isJsonObject(value)) throw invalid(where, 'a table of exports', value);
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [name, parseEntry(entry, `${where}.${name}`)]),
  );
}

/** The flow of an export; undefined where the manifest says nothing about it. */
export function labelsOf(manifest: ManifestLabels, exportName: string): ToolLabels | undefined {
  if (Object.hasOwn(manifest, exportName)) return manifest[exportName];
  return Object.hasOwn(manifest, '*') ? manifest['*'] : undefined;
}

/** The labels of a result: `private` and `untrusted`, each with its origin. */
export function readLabels(reads: readonly Read[], origin: string): Labels {
  const marks = reads.filter((read) => read !== 'public');
  return marks.length === 0 ? NO_LABELS : new Set(marks.map((mark): Label => `${mark}:${origin}`));
}

/** Where a call goes. */
export function sinksOf({ sends }: ToolLabels): readonly Sink[] {
  return sends.filter((send) => send !== 'none');
}

const ENTRY_KEYS: readonly string[] = ['reads', 'sends', 'destinations'];

function parseEntry(entry: Json, where: string): ToolLabels {
  if (!isJsonObject(entry)) throw invalid(where, 'a table with reads, sends and destinations', entry);
  for (const key of Object.keys(entry)) {
    if (!ENTRY_KEYS.includes(key)) throw invalid(where, `only ${ENTRY_KEYS.join(', ')}`, key);
  }
  const destinations = entry.destinations === undefined ? undefined : toTexts(entry.destinations, where);
  return {
    reads: toChoices(READS, entry.reads ?? [], `${where}.reads`),
    sends: toChoices(SENDS, entry.sends ?? [], `${where}.sends`),
    ...(destinations === undefined ? {} : { destinations: destinations.map(toPointer) }),
  };
}

function toChoices<T extends string>(choices: readonly T[], value: Json, where: string): readonly T[] {
  if (Array.isArray(value) && value.every((item) => choices.includes(item as T))) return value as readonly T[];
  throw invalid(where, `a list of ${choices.join(', ')}`, value);
}

function toTexts(value: Json, where: string): readonly string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string' && item !== '')) {
    return value as readonly string[];
  }
  throw invalid(`${where}.destinations`, 'a list of names of arguments', value);
}

function toPointer(name: string): string {
  return name.startsWith('/') ? name : `/${name.replaceAll('~', '~0')}`;
}

function invalid(where: string, wanted: string, value: Json): PypesError {
  return new PypesError('invalid_request', `${where} takes ${wanted}, got ${JSON.stringify(value).slice(0, 80)}`);
}
