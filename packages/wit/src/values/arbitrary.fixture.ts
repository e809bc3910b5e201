// Generates WIT types and component values of them, for the laws of values/, schema/ and compare/.
import fc from 'fast-check';
import type { Primitive, ResolvedWit, Type, TypeDefinition } from '../resolved.ts';
import { optionDepth, shapeOf } from '../schema/types.ts';
import { toCamelCase } from './names.ts';

/** A type as a tree, before it stands in an arena. */
export type Tree =
  | Primitive
  | { readonly record: readonly (readonly [string, Tree])[] }
  | { readonly variant: readonly (readonly [string, Tree | null])[] }
  | { readonly result: readonly [Tree | null, Tree | null] }
  | { readonly enum: readonly string[] }
  | { readonly flags: readonly string[] }
  | { readonly option: Tree }
  | { readonly list: Tree }
  | { readonly fixed: readonly [Tree, number] }
  | { readonly tuple: readonly Tree[] }
  | { readonly map: readonly [Primitive, Tree] }
  | { readonly alias: Tree };

const PRIMITIVES = ['bool', 'u8', 'u16', 'u32', 'u64', 's8', 's16', 's32', 's64', 'f32', 'f64', 'char', 'string'] as const;
const KEYS = PRIMITIVES.filter((name) => name !== 'f32' && name !== 'f64');
const NAMES = ['a', 'tag', 'value', 'some', 'constructor', 'to-string', 'my-URL', 'HTTP', 'has-own-property', 'x2-y', 'record', 'proto', 'none', 'ok'];
const names = fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 5 });

const { tree: anyTree } = fc.letrec<{ tree: Tree; maybe: Tree | null }>((tie) => ({
  maybe: fc.option(tie('tree'), { nil: null }),
  tree: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constantFrom<Tree>(...PRIMITIVES),
    names.chain((all) => fc.tuple(...all.map(() => tie('tree'))).map((types): Tree => ({ record: all.map((name, i) => [name, types[i] as Tree] as const) }))),
    names.chain((all) => fc.tuple(...all.map(() => tie('maybe'))).map((types): Tree => ({ variant: all.map((name, i) => [name, types[i] ?? null] as const) }))),
    fc.tuple(tie('maybe'), tie('maybe')).map((result): Tree => ({ result })),
    names.map((all): Tree => ({ enum: all })),
    names.map((all): Tree => ({ flags: all })),
    tie('tree').map((option): Tree => ({ option })),
    tie('tree').map((option): Tree => ({ option: { option } })),
    tie('tree').map((list): Tree => ({ list })),
    fc.constantFrom<Tree>(...PRIMITIVES).map((list): Tree => ({ list })),
    fc.tuple(tie('tree'), fc.integer({ min: 1, max: 3 })).map((fixed): Tree => ({ fixed })),
    fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((tuple): Tree => ({ tuple })),
    fc.tuple(fc.constantFrom<Primitive>(...KEYS), tie('tree')).map((map): Tree => ({ map })),
    tie('tree').map((alias): Tree => ({ alias })),
  ),
}));

/** Any type, as a tree. */
export const typeTrees: fc.Arbitrary<Tree> = anyTree;

/** A tree in an arena of its own. */
export function toArena(tree: Tree): { readonly resolved: ResolvedWit; readonly type: Type } {
  const types: TypeDefinition[] = [];
  const named: { [name: string]: number } = {};
  const add = (kind: TypeDefinition['kind'], isNamed: boolean): Type => {
    const id = types.length;
    const name = isNamed ? `t${id}` : null;
    types.push({ name, kind, owner: isNamed ? { interface: 0 } : null });
    if (name !== null) named[name] = id;
    return id;
  };
  const put = (at: Tree): Type => {
    if (typeof at === 'string') return at;
    const maybe = (inner: Tree | null): Type | null => (inner === null ? null : put(inner));
    if ('record' in at) return add({ record: { fields: at.record.map(([name, type]) => ({ name, type: put(type) })) } }, true);
    if ('variant' in at) return add({ variant: { cases: at.variant.map(([name, type]) => ({ name, type: maybe(type) })) } }, true);
    if ('result' in at) return add({ result: { ok: maybe(at.result[0]), err: maybe(at.result[1]) } }, false);
    if ('enum' in at) return add({ enum: { cases: at.enum.map((name) => ({ name })) } }, true);
    if ('flags' in at) return add({ flags: { flags: at.flags.map((name) => ({ name })) } }, true);
    if ('option' in at) return add({ option: put(at.option) }, false);
    if ('list' in at) return add({ list: put(at.list) }, false);
    if ('fixed' in at) return add({ 'fixed-length-list': [put(at.fixed[0]), at.fixed[1]] }, false);
    if ('tuple' in at) return add({ tuple: { types: at.tuple.map(put) } }, false);
    if ('map' in at) return add({ map: [at.map[0], put(at.map[1])] }, false);
    return add({ type: put(at.alias) }, true);
  };
  const type = put(tree);
  return {
    resolved: {
      worlds: [],
      interfaces: [{ name: 'types', types: named, functions: {}, package: 0 }],
      types,
      packages: [{ name: 't:t@1.0.0', interfaces: { types: 0 }, worlds: {} }],
    },
    type,
  };
}

/** A type that is used by one function of an arena, with a value of it. */
export const typedValues = typeTrees.chain((tree) => {
  const arena = toArena(tree);
  return valuesOf(arena.resolved, arena.type).map((value) => ({ ...arena, tree, value }));
});

const text = fc.string({ unit: 'binary', maxLength: 8 });
const scalar = fc.string({ unit: 'binary', minLength: 1, maxLength: 1 });
const u64 = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.constantFrom(2n ** 53n - 1n, 2n ** 53n, 2n ** 64n - 1n, 0n));
const s64 = fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.constantFrom(-(2n ** 53n), 1n - 2n ** 53n, -(2n ** 63n), 0n));

const primitives: { readonly [name in (typeof PRIMITIVES)[number]]: fc.Arbitrary<unknown> } = {
  bool: fc.boolean(),
  u8: fc.integer({ min: 0, max: 255 }),
  u16: fc.integer({ min: 0, max: 65_535 }),
  u32: fc.integer({ min: 0, max: 4_294_967_295 }),
  s8: fc.integer({ min: -128, max: 127 }),
  s16: fc.integer({ min: -32_768, max: 32_767 }),
  s32: fc.integer({ min: -2_147_483_648, max: 2_147_483_647 }),
  u64,
  s64,
  f32: fc.float(),
  f64: fc.double(),
  char: scalar,
  string: fc.oneof(text, fc.constantFrom('__proto__', '', 'é"\\\n\u0000\u007f', 'x'.repeat(60), '"\u{1f600}é'.repeat(30))),
};

const ARRAYS: { readonly [name: string]: { from(items: Iterable<never>): unknown } } = {
  u8: Uint8Array, s8: Int8Array, u16: Uint16Array, s16: Int16Array, u32: Uint32Array, s32: Int32Array,
  u64: BigUint64Array, s64: BigInt64Array, f32: Float32Array, f64: Float64Array,
};

/** Component values of a type, in the shape that jco's glue gives. */
export function valuesOf(resolved: ResolvedWit, type: Type): fc.Arbitrary<unknown> {
  const shape = shapeOf(resolved, type);
  if (typeof shape === 'string') return shape === 'error-context' ? fc.constant(undefined) : primitives[shape];
  const { kind, id } = shape;
  const of = (inner: Type): fc.Arbitrary<unknown> => valuesOf(resolved, inner);
  if (kind === 'resource' || 'handle' in kind || 'stream' in kind || 'future' in kind) return fc.constant({});
  if ('record' in kind) {
    const { fields } = kind.record;
    return fc.tuple(...fields.map((field) => of(field.type))).map((all) => Object.fromEntries(fields.map(({ name }, i) => [toCamelCase(name), all[i]])));
  }
  if ('variant' in kind) {
    return fc.oneof(...kind.variant.cases.map(({ name, type: payload }) => (payload === null ? fc.constant({ tag: name }) : of(payload).map((val) => ({ tag: name, val })))));
  }
  if ('result' in kind) {
    const side = (tag: string, payload: Type | null): fc.Arbitrary<unknown> => (payload === null ? fc.constant(undefined) : of(payload)).map((val) => ({ tag, val }));
    return fc.oneof(side('ok', kind.result.ok), side('err', kind.result.err));
  }
  if ('enum' in kind) return fc.constantFrom(...kind.enum.cases.map(({ name }) => name));
  if ('flags' in kind) {
    const keys = kind.flags.flags.map(({ name }) => toCamelCase(name));
    return fc.tuple(...keys.map(() => fc.boolean())).map((all) => Object.fromEntries(keys.map((key, i) => [key, all[i]])));
  }
  if ('option' in kind) {
    const isTagged = optionDepth(resolved, id) % 2 === 0;
    const none: unknown = isTagged ? { tag: 'none' } : undefined;
    return fc.oneof(fc.constant(none), of(kind.option).map((val) => (isTagged ? { tag: 'some', val } : val)));
  }
  if ('list' in kind) {
    const item = shapeOf(resolved, kind.list);
    const array = typeof item === 'string' ? ARRAYS[item] : undefined;
    return fc.array(of(kind.list), { maxLength: 4 }).map((items) => (array ? array.from(items as never[]) : items));
  }
  if ('fixed-length-list' in kind) {
    const [item, length] = kind['fixed-length-list'];
    return fc.array(of(item), { minLength: length, maxLength: length });
  }
  if ('tuple' in kind) return fc.tuple(...kind.tuple.types.map(of));
  return fc.array(fc.tuple(of(kind.map[0]), of(kind.map[1])), { maxLength: 4 }).map((entries) => new Map(entries));
}
