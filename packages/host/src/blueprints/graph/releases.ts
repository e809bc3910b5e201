// Declared releases: the edges that they stand on, and how much passes there.
import type { JsonSchema } from '@pypes/contract';
import type { ReleaseEntry } from '../blueprint.ts';
import { bitsOf, type FlowEdge, isSubsumed, type Release } from '../guard-check.ts';
import { type Draft, isWithin } from './draft.ts';
import type { TypedStep } from './typed-step.ts';
import type { Names } from './values.ts';
import type { WiredEdges } from './wires.ts';

/** What stands at a place: the edges, each value's type, and how often one passes. */
type Place = { readonly edges: readonly number[]; readonly schema: JsonSchema | undefined; readonly uses: number };

/** Marks the edges of every release. */
export function addReleases(draft: Draft, names: Names, wired: readonly WiredEdges[]): readonly Release[] {
  return draft.blueprint.releases.map((entry) => {
    const place = placeOf(draft, entry, names, wired);
    const bits = Math.min(
      bitsOf(place.schema),
      entry.type === undefined ? Number.POSITIVE_INFINITY : bitsOf(entry.type),
    );
    for (const index of place.edges) {
      const edge = draft.edges[index] as FlowEdge;
      draft.edges[index] = { ...edge, bits: Math.min(edge.bits, bits), releases: [...edge.releases, entry.mark] };
    }
    const mismatch = mismatchOf(place.schema, entry.type);
    return {
      mark: entry.mark,
      edges: place.edges,
      carried: bits === 0 || place.edges.length === 0 ? 0 : bits * place.uses,
      bits: entry.bits,
      title: `The ${entry.mark === 'private' ? 'declassification' : 'endorsement'} of "${entry.text}"`,
      reason: entry.reason,
      ...(mismatch === undefined ? {} : { mismatch }),
      where: entry.where,
    };
  });
}

function placeOf(draft: Draft, { place }: ReleaseEntry, names: Names, wired: readonly WiredEdges[]): Place {
  if ('component' in place) {
    const found = wired.find(({ wire }) => wire.component === place.component && wire.import === place.import);
    if (found === undefined) return NOWHERE;
    const uses = found.wire.maxCalls?.value ?? Number.POSITIVE_INFINITY;
    return place.kind === 'arguments'
      ? { edges: found.down, schema: found.downSchema, uses }
      : { edges: found.up, schema: found.upSchema, uses };
  }
  const step = names.steps.get(place.step);
  if (step === undefined) return NOWHERE;
  const edgesOf = (fits: (edge: FlowEdge) => boolean) =>
    draft.edges.flatMap((edge, index) => (edge.to === step.context.id && fits(edge) ? [index] : []));
  switch (place.kind) {
    case 'when':
      return { edges: edgesOf(({ kind }) => kind === 'condition'), schema: { type: 'boolean' }, uses: step.items };
    case 'foreach':
      return { edges: edgesOf(({ kind }) => kind === 'iteration'), schema: countSchema(step), uses: 1 };
    case 'input': {
      const edges = edgesOf(({ kind, field = '' }) => kind === 'argument' && isWithin(field, place.field));
      return { edges, schema: place.field === '' ? step.sent : step.fields.get(place.field), uses: step.items };
    }
  }
}

const NOWHERE: Place = { edges: [], schema: undefined, uses: 0 };

function countSchema({ items }: TypedStep): JsonSchema {
  return { type: 'integer', minimum: 0, ...(Number.isFinite(items) ? { maximum: items } : {}) };
}

function mismatchOf(schema: JsonSchema | undefined, type: JsonSchema | undefined): string | undefined {
  if (schema === undefined || type === undefined) return undefined;
  const { verdict, differences } = isSubsumed(schema, type);
  return verdict === 'breaks'
    ? (differences.find((item) => item.verdict === 'breaks')?.what ?? 'it is another type')
    : undefined;
}
