// $ref, which leads to another part of the same schema, and $dynamicRef, which depends on how one came there.
import type { JsonObject } from '@pypes/contract';
import type { Check, Part } from '../compilation.ts';

export function reference(part: Part): Check | undefined {
  const { compilation, resource } = part;
  const named = part.schema.$ref ?? (compilation.draft === 2020 ? part.schema.$recursiveRef : undefined);
  if (typeof named !== 'string') return undefined;
  const target = compilation.references.resolve(named, resource);
  return compilation.part(target.schema, target.resource);
}

export function dynamicReference(part: Part): Check | undefined {
  const { compilation, resource } = part;
  const { $dynamicRef: named } = part.schema;
  if (typeof named !== 'string' || compilation.draft !== 2020) return undefined;
  const target = compilation.references.resolve(named, resource);
  const nearest = compilation.part(target.schema, target.resource);
  const name = anchorOf(target.schema);
  if (name === undefined || !named.endsWith(`#${name}`)) return nearest;
  return (value, run) => {
    for (const entered of run.scope) {
      const anchored = entered.dynamicAnchors.get(name);
      if (anchored !== undefined) return compilation.part(anchored, entered)(value, run);
    }
    return nearest(value, run);
  };
}

function anchorOf(schema: JsonObject | boolean): string | undefined {
  return typeof schema === 'object' && typeof schema.$dynamicAnchor === 'string' ? schema.$dynamicAnchor : undefined;
}
