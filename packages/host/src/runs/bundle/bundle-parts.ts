// What bundles are rendered from, and what a file of one is before anybody has read it.
import type { JsonObject } from '@pypes/contract';
import type { ArtifactStore, RunStore } from '@pypes/contract/runs';
import type { RunConfiguration } from '../options.ts';

export type BundleParts = {
  readonly store: Pick<RunStore, 'read' | 'last'>;
  readonly artifacts: ArtifactStore;
  readonly configuration?: RunConfiguration & { readonly digestOf: (snapshot: JsonObject) => string };
};

/** A file whose bytes are made when they are wanted, the same each time. */
export type RenderedFile = {
  readonly path: string;
  readonly mediaType: string;
  readonly body: () => AsyncIterable<Uint8Array>;
};

const encoder = new TextEncoder();

/** JSON for people and programs: sorted keys, two spaces, a line break at the end. */
export function sortedJson(value: unknown): Uint8Array {
  return encoder.encode(`${JSON.stringify(sorted(value), undefined, 2)}\n`);
}

export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]));
}
