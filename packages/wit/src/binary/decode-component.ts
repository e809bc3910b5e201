// A component's own type sections as a resolved world: what it imports and exports, whatever its author says elsewhere.

import type { ResolvedWit, WorldId } from '../resolved.ts';
import { addDocs } from './docs/add-docs.ts';
import { evaluateBytes } from './evaluate/evaluate.ts';
import { addWorld, createBuilder, packageNamed } from './resolve/builder.ts';
import { toResolved } from './resolve/drafts.ts';
import { fillWorld } from './resolve/worlds.ts';

/**
 * What a component imports and exports, as the world `root` of the package `root:component` (spec 4). Interfaces keep
 * their full names with versions; documentation is there if the component has a custom section of it.
 *
 * @throws BinaryError for bytes that are no component, or none that WIT can describe
 *
 * @example
 * const { resolved, world } = decodeComponent(bytes);
 * Object.keys(resolved.worlds[world]?.exports ?? {});
 */
export const decodeComponent = (bytes: Uint8Array): { resolved: ResolvedWit; world: WorldId } => {
  const { evaluation, externs } = evaluateBytes(bytes);
  const builder = createBuilder(evaluation.budget);
  const home = packageNamed(builder, 'root:component');
  const world = addWorld(builder, 'root', home, 0);
  fillWorld(builder, world, home, externs);
  addDocs(builder, home, bytes);
  return { resolved: toResolved(builder), world: world.id };
};
