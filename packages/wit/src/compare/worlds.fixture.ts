// Generates worlds and edits of them, for the laws of compare/.
import fc from 'fast-check';
import type { ResolvedWit, Type, TypeDefinition, WitFunction, WorldItem } from '../resolved.ts';
import { type Tree, toArena, typeTrees } from '../values/arbitrary.fixture.ts';
import type { WorldOf } from './side.ts';

export type FunctionTree = { readonly params: readonly (readonly [string, Tree])[]; readonly result: Tree | null };
export type InterfaceTree = { readonly version: string; readonly functions: { readonly [name: string]: FunctionTree } };
export type WorldTree = {
  readonly imports: { readonly [name: string]: InterfaceTree };
  readonly exports: { readonly [name: string]: InterfaceTree };
};

/** A world in an arena; `shift` puts so many other types in front, so that no index is the same. */
export function toWorld(tree: WorldTree, shift = 0): WorldOf {
  const types: TypeDefinition[] = Array.from({ length: shift }, () => ({ name: null, kind: { list: 'u8' }, owner: null }));
  const interfaces: { name: string; types: { [name: string]: number }; functions: { [name: string]: WitFunction }; package: number }[] = [];
  const packages: { name: string; interfaces: { [name: string]: number }; worlds: {} }[] = [];
  const put = (at: Tree): Type => {
    const made = toArena(at);
    const base = types.length;
    types.push(...made.resolved.types.map((definition) => ({ ...definition, owner: null, kind: moved(definition.kind, base) })));
    return typeof made.type === 'string' ? made.type : made.type + base;
  };
  const side = (record: WorldTree['imports']): { [key: string]: WorldItem } =>
    Object.fromEntries(Object.entries(record).map(([name, { version, functions }]) => {
      const id = interfaces.length;
      const made = Object.entries(functions).map(([key, { params, result }]): [string, WitFunction] => [key, {
        name: key, kind: 'freestanding',
        params: params.map(([param, type]) => ({ name: param, type: put(type) })),
        ...(result !== null && { result: put(result) }),
      }]);
      packages.push({ name: `t:${name}@${version}`, interfaces: { [name]: id }, worlds: {} });
      interfaces.push({ name, types: {}, functions: Object.fromEntries(made), package: packages.length - 1 });
      return [`interface-${id}`, { interface: { id } }];
    }));
  const world = { name: `w${shift}`, imports: side(tree.imports), exports: side(tree.exports), package: 0 };
  return { resolved: { worlds: [world], interfaces, types, packages } satisfies ResolvedWit, world: 0 };
}

function moved(kind: TypeDefinition['kind'], base: number): TypeDefinition['kind'] {
  const at = (type: Type): Type => (typeof type === 'string' ? type : type + base);
  const maybe = (type: Type | null): Type | null => (type === null ? null : at(type));
  if (typeof kind === 'string' || 'enum' in kind || 'flags' in kind || 'handle' in kind) return kind;
  if ('record' in kind) return { record: { fields: kind.record.fields.map((field) => ({ ...field, type: at(field.type) })) } };
  if ('variant' in kind) return { variant: { cases: kind.variant.cases.map((item) => ({ ...item, type: maybe(item.type) })) } };
  if ('result' in kind) return { result: { ok: maybe(kind.result.ok), err: maybe(kind.result.err) } };
  if ('option' in kind) return { option: at(kind.option) };
  if ('list' in kind) return { list: at(kind.list) };
  if ('tuple' in kind) return { tuple: { types: kind.tuple.types.map(at) } };
  if ('map' in kind) return { map: [at(kind.map[0]), at(kind.map[1])] };
  if ('fixed-length-list' in kind) return { 'fixed-length-list': [at(kind['fixed-length-list'][0]), kind['fixed-length-list'][1]] };
  if ('type' in kind) return { type: at(kind.type) };
  return kind;
}

const functionTrees: fc.Arbitrary<FunctionTree> = fc.record({
  params: fc.array(typeTrees, { maxLength: 2 }).map((types) => types.map((type, i) => [`p${i}`, type] as const)),
  result: fc.option(typeTrees, { nil: null }),
});
const interfaceTrees: fc.Arbitrary<InterfaceTree> = fc.record({
  version: fc.constantFrom('0.2.1', '0.2.3', '1.0.0', '1.4.0'),
  functions: fc.dictionary(fc.constantFrom('f', 'g', 'constructor'), functionTrees, { minKeys: 1, noNullPrototype: true }),
});
const interfaces = fc.dictionary(fc.constantFrom('x', 'y', 'z'), interfaceTrees, { maxKeys: 2, noNullPrototype: true });

export const worldTrees: fc.Arbitrary<WorldTree> = fc.record({ imports: interfaces, exports: interfaces });

/** Draws numbers for an edit. */
type Draw = (below: number) => number;

/** Edits a type somewhere: most edits are such as people make between two versions. */
export function editTree(tree: Tree, draw: Draw): Tree {
  if (draw(6) === 0) return { option: tree };
  if (typeof tree === 'string') return draw(6) === 0 ? 'string' : tree;
  if ('option' in tree) return draw(3) === 0 ? tree.option : { option: editTree(tree.option, draw) };
  if ('list' in tree) return { list: editTree(tree.list, draw) };
  if ('alias' in tree) return editTree(tree.alias, draw);
  if ('enum' in tree) return { enum: editNames(tree.enum, draw) };
  if ('flags' in tree) return { flags: editNames(tree.flags, draw) };
  if ('map' in tree) return { map: [tree.map[0], editTree(tree.map[1], draw)] };
  if ('fixed' in tree) return { fixed: [editTree(tree.fixed[0], draw), tree.fixed[1] + (draw(8) === 0 ? 1 : 0)] };
  if ('tuple' in tree) return { tuple: editOne(tree.tuple, draw, (at) => editTree(at, draw)) };
  if ('result' in tree) return { result: [maybe(tree.result[0], draw), maybe(tree.result[1], draw)] };
  if ('record' in tree) {
    const extra: Tree = draw(4) === 0 ? 'u8' : { option: 'u8' };
    const added = draw(3) === 0 ? [[`n${draw(3)}`, extra] as const] : [];
    const kept = draw(5) === 0 && tree.record.length > 1 ? tree.record.slice(1) : tree.record;
    const edited = editOne(kept, draw, ([name, type]) => [name, editTree(type, draw)] as const);
    return { record: unique([...edited, ...added], ([name]) => name) };
  }
  const added = draw(3) === 0 ? [[`n${draw(3)}`, null] as const] : [];
  const kept = draw(5) === 0 && tree.variant.length > 1 ? tree.variant.slice(1) : tree.variant;
  const edited = editOne(kept, draw, ([name, type]) => [name, maybe(type, draw)] as const);
  return { variant: unique([...edited, ...added], ([name]) => name) };
}

function maybe(tree: Tree | null, draw: Draw): Tree | null {
  return tree === null ? null : editTree(tree, draw);
}

function editNames(names: readonly string[], draw: Draw): readonly string[] {
  const kept = draw(4) === 0 && names.length > 1 ? names.slice(1) : names;
  return unique(draw(3) === 0 ? [...kept, `n${draw(3)}`] : draw(4) === 0 ? [...kept].reverse() : kept, (name) => name);
}

function editOne<Item>(items: readonly Item[], draw: Draw, edit: (item: Item) => Item): readonly Item[] {
  const chosen = draw(Math.max(1, items.length));
  return items.map((item, index) => (index === chosen ? edit(item) : item));
}

function unique<Item>(items: readonly Item[], key: (item: Item) => string): readonly Item[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}

/** Edits a world in one place. */
export function editWorld(tree: WorldTree, draw: Draw): WorldTree {
  const side = draw(2) === 0 ? 'imports' : 'exports';
  const entries = Object.entries(tree[side]);
  if (draw(6) === 0) {
    const added: InterfaceTree = { version: '0.2.1', functions: { f: { params: [], result: null } } };
    return { ...tree, [side]: { ...tree[side], [`w${draw(2)}`]: added } };
  }
  if (draw(6) === 0) return { ...tree, [side]: Object.fromEntries(entries.slice(1)) };
  return { ...tree, [side]: Object.fromEntries(editOne(entries, draw, ([name, made]) => [name, editInterface(made, draw)])) };
}

function editInterface({ version, functions }: InterfaceTree, draw: Draw): InterfaceTree {
  if (draw(4) === 0) return { version: ['0.2.1', '0.2.3', '1.0.0', '1.4.0'][draw(4)] ?? '1.0.0', functions };
  const entries = Object.entries(functions);
  if (draw(5) === 0) return { version, functions: { ...functions, h: { params: [], result: null } } };
  if (draw(8) === 0) return { version, functions: Object.fromEntries(entries.slice(1)) };
  const edit = ({ params, result }: FunctionTree): FunctionTree => {
    if (draw(5) === 0) return { params: [...params, [`p${params.length}`, draw(3) === 0 ? 'u8' : { option: 'u8' }]], result };
    if (draw(2) === 0) return { params, result: maybe(result, draw) };
    return { params: editOne(params, draw, ([name, type]) => [name, editTree(type, draw)]), result };
  };
  return { version, functions: Object.fromEntries(editOne(entries, draw, ([name, made]) => [name, edit(made)])) };
}

/** A source of draws that fast-check can shrink. */
export const draws: fc.Arbitrary<readonly number[]> = fc.array(fc.nat(1000), { minLength: 1, maxLength: 40 });

/** Draws from a list, over and over. */
export function drawFrom(numbers: readonly number[]): Draw {
  let at = 0;
  return (below) => (numbers[at++ % numbers.length] ?? 0) % below;
}
