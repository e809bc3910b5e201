// What a component's functions take and give, from its own bytes. The page runs this file and so does the story on Node.
import { decodeComponent, describeImports } from '@pypes/wit/binary';
import { sameTypes } from '@pypes/wit/compare';
import type { ResolvedWit, WitFunction } from '@pypes/wit/resolved';
import { type JsonSchema, parametersSchema, resultSchema } from '@pypes/wit/schema';
import { parseWit } from '@pypes/wit/text';
import { interfaceName } from '@pypes/wit/values';

/** A function that can be called; plain data, so that it can be sent to a worker. */
export type SkillFunction = {
  /** `ns:package/interface@1.0.0#function`. */
  readonly path: string;
  /** The exported interface; null for a function of the world. */
  readonly interface: string | null;
  readonly called: WitFunction;
  readonly docs: string;
  readonly parameters: JsonSchema;
  readonly returns: JsonSchema;
};

export type SkillTypes = { readonly resolved: ResolvedWit; readonly functions: readonly SkillFunction[] };

/**
 * @param wit the interface that was shipped with it: it has to agree with the bytes, and has the docs
 * @throws BinaryError, WitError, WitUnsupportedError, or an Error for what this page does not run
 */
export function readTypes(component: Uint8Array, wit: string, world: string): SkillTypes {
  const imports = describeImports(component).map(({ name }) => name);
  if (imports.length > 0) throw new Error(`The component imports ${imports.join(', ')}; this page grants nothing`);
  const { resolved, world: root } = decodeComponent(component);
  const docs = readDocs(resolved, root, wit, world);
  const functions = exportsOf(resolved, root).map(([home, called]): SkillFunction => {
    const path = home === null ? called.name : `${home}#${called.name}`;
    if (called.name.startsWith('[')) throw new Error(`${path} belongs to a resource; this page runs plain functions`);
    const text = docs.get(path) ?? '';
    const parameters = parametersSchema(resolved, called);
    return { path, interface: home, called, docs: text, parameters, returns: resultSchema(resolved, called) };
  });
  return { resolved, functions };
}

type Export = readonly [home: string | null, called: WitFunction];

function exportsOf(resolved: ResolvedWit, world: number): readonly Export[] {
  return Object.entries(resolved.worlds[world]?.exports ?? {}).flatMap(([key, item]): Export[] => {
    if ('function' in item) return [[null, item.function]];
    if (!('interface' in item)) return [];
    const home = interfaceName(resolved, { interface: item.interface.id }) ?? key;
    const { functions = {} } = resolved.interfaces[item.interface.id] ?? {};
    return Object.values(functions).map((called): Export => [home, called]);
  });
}

/** Component binaries carry no docs; the shipped text does, once it says the same as the bytes. */
function readDocs(resolved: ResolvedWit, root: number, wit: string, world: string): ReadonlyMap<string, string> {
  const told = parseWit([{ path: 'interface.wit', text: wit }]);
  const named = told.worlds.findIndex(({ name }) => name === world);
  if (named === -1) throw new Error(`interface.wit has no world "${world}"`);
  const { same, reasons } = sameTypes({ resolved: told, world: named }, { resolved, world: root });
  if (!same)
    throw new Error(`The component is not what its interface.wit says: ${reasons[0]?.path} ${reasons[0]?.what}`);
  return new Map(
    exportsOf(told, named).map(([home, { name, docs }]) => [
      home === null ? name : `${home}#${name}`,
      docs?.contents ?? '',
    ]),
  );
}
