// A component's own account of itself: which functions it exports as agents, what it imports, from its bytes alone.
import { PypesError } from '@pypes/contract';
import { BinaryError, decodeComponent, describeImports, type ImportedItem } from '@pypes/wit/binary';
import type { InterfaceId, ResolvedWit, TypeDefinition, WitFunction, World } from '@pypes/wit/resolved';
import { interfaceName } from '@pypes/wit/values';
import { nameAgents } from './agent-names.ts';
import { checkCoreNames } from './core-names.ts';

/** How the functions are named that end a resource. */
export const DROP = '[resource-drop]';

/** One function that a component exports. */
export type ExportedFunction = {
  /** What it is called as an agent. */
  readonly agent: string;
  /** `ns:package/interface@1.2.3#function`, or the function's own name where the world exports it. */
  readonly path: string;
  /** The exported interface; null for a function of the world. */
  readonly interface: string | null;
  readonly function: WitFunction;
};

/** What a component says of itself. */
export type ComponentSkill = {
  readonly resolved: ResolvedWit;
  readonly world: World;
  readonly functions: readonly ExportedFunction[];
  readonly imports: readonly ImportedItem[];
};

/** @throws PypesError `agent_broken` for bytes that are no component, or would not stay one */
export function readComponent(bytes: Uint8Array, path: string): ComponentSkill {
  const skill = decode(bytes, path);
  checkCoreNames(bytes, path);
  return skill;
}

function decode(bytes: Uint8Array, path: string): ComponentSkill {
  try {
    const { resolved: decoded, world: id } = decodeComponent(bytes);
    const world = withoutEngineDoor(decoded.worlds[id] as World);
    const worlds = decoded.worlds.with(id, world);
    const { resolved, drops } = withDrops({ ...decoded, worlds }, world);
    return { resolved, world, functions: exportsOf(resolved, world, drops), imports: describeImports(bytes) };
  } catch (error) {
    if (!(error instanceof BinaryError)) throw error;
    throw new PypesError('agent_broken', `The component cannot be read: ${error.message}`, {
      details: { file: path, offset: error.offset },
      cause: error,
    });
  }
}

/**
 * componentize-qjs exports how its engine is started: whoever calls that replaces the program by one of his own, so it
 * is no export of the skill.
 */
function withoutEngineDoor(world: World): World {
  const { init, ...exports } = world.exports;
  if (init === undefined || !('function' in init)) return world;
  const [shim, script] = init.function.params;
  return shim?.name === 'shim' && script?.name === 'script' ? { ...world, exports } : world;
}

type Drops = ReadonlyMap<InterfaceId, readonly WitFunction[]>;

/** Who is given a resource has to be able to give it back: WIT has no function for that, components have. */
function withDrops(resolved: ResolvedWit, { exports }: World): { resolved: ResolvedWit; drops: Drops } {
  const types: TypeDefinition[] = [...resolved.types];
  const drops = new Map<InterfaceId, WitFunction[]>();
  for (const item of Object.values(exports)) {
    if (!('interface' in item)) continue;
    const { id } = item.interface;
    for (const [name, type] of Object.entries(resolved.interfaces[id]?.types ?? {})) {
      if (resolved.types[type]?.kind !== 'resource') continue;
      const self = types.push({ name: null, kind: { handle: { own: type } }, owner: null }) - 1;
      const docs = { contents: `Ends a ${name}; its handle is worth nothing afterwards` };
      const drop = {
        name: `${DROP}${name}`,
        kind: 'freestanding' as const,
        params: [{ name: 'self', type: self }],
        docs,
      };
      drops.set(id, [...(drops.get(id) ?? []), drop]);
    }
  }
  return { resolved: { ...resolved, types }, drops };
}

function exportsOf(resolved: ResolvedWit, { exports }: World, drops: Drops): ExportedFunction[] {
  const found: Omit<ExportedFunction, 'agent'>[] = [];
  for (const [key, item] of Object.entries(exports)) {
    if ('function' in item) found.push({ path: item.function.name, interface: null, function: item.function });
    if (!('interface' in item)) continue;
    const { id } = item.interface;
    const name = interfaceName(resolved, { interface: id }) ?? key;
    for (const called of [...Object.values(resolved.interfaces[id]?.functions ?? {}), ...(drops.get(id) ?? [])]) {
      found.push({ path: `${name}#${called.name}`, interface: name, function: called });
    }
  }
  const names = nameAgents(found);
  return found.map((each, index) => ({ ...each, agent: names[index] as string }));
}
