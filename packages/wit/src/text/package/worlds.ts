// Worlds: their types, includes, imports and exports, before includes are carried out.
import type { DraftInclude, DraftItem, DraftItems, WorldKey } from '../draft.ts';
import { fail } from '../errors.ts';
import type { Span } from '../source.ts';
import type { ExternNode, IncludeNode, TypeNode, WorldItemNode, WorldNode } from '../syntax.ts';
import { resolveTypes, type TypeItem } from './definitions.ts';
import { resolveFreestanding, resolveMember } from './functions.ts';
import { resolveInterface } from './interfaces.ts';
import { findInterface, findWorld } from './lookup.ts';
import { toAnnotations, toStability } from './stability.ts';
import { addInterface, type PackageState, type Place } from './state.ts';

/** Fills the world of an id with what is written between its braces. */
export const resolveWorld = (state: PackageState, id: number, file: number, node: WorldNode): void => {
  const { imports, exports } = state.worlds[id]!;
  const annotations = toAnnotations(node);
  const place: Place = { file, scope: new Map() };
  resolveTypes(state, place, { world: id }, node.items.filter(isTypeItem));
  const includes = node.items.flatMap((item) =>
    item.kind === 'include' ? [resolveInclude(state, file, item.include)] : [],
  );
  for (const [name, scoped] of place.scope) {
    if ('type' in scoped) imports.set(name, { kind: 'type', id: scoped.type, span: scoped.span });
  }
  for (const item of node.items) {
    if (item.kind === 'import') addExtern(state, place, imports, 'import', item.extern);
    else if (item.kind === 'export') addExtern(state, place, exports, 'export', item.extern);
    else if (item.kind === 'type') addMembers(state, place, imports, item.type);
  }
  state.worlds[id] = { ...state.worlds[id]!, annotations, includes };
};

const isTypeItem = (item: WorldItemNode): item is TypeItem => item.kind === 'use' || item.kind === 'type';

const resolveInclude = (state: PackageState, file: number, node: IncludeNode): DraftInclude => ({
  stability: toStability(node.gates),
  world: findWorld(state, file, node.from),
  names: node.names.map(({ id, as }) => ({ name: id.name, as: as.name })),
  span: node.from.id.span,
});

// The functions of a resource stand in a world by themselves.
const addMembers = (state: PackageState, place: Place, imports: DraftItems, { id, body }: TypeNode): void => {
  if (body.kind !== 'resource') return;
  for (const node of body.functions) {
    const found = resolveMember(state, place, id, node);
    imports.set(found.name, { kind: 'function', function: found, span: found.span });
  }
};

const addExtern = (
  state: PackageState,
  place: Place,
  items: DraftItems,
  direction: 'import' | 'export',
  extern: ExternNode,
): void => {
  const span = spanOf(extern);
  const { key, item } = resolveExtern(state, place, extern, span);
  const known = items.get(key);
  if (known !== undefined) {
    if (typeof key === 'number') fail(span, `interface cannot be ${direction}ed more than once`);
    const what = known.kind === 'function' ? 'func' : known.kind;
    fail(span, `${direction} \`${key}\` conflicts with prior ${what} of same name`);
  }
  items.set(key, item);
};

const spanOf = (extern: ExternNode): Span =>
  extern.kind === 'path' ? (extern.id ?? extern.path.id).span : extern.id.span;

const resolveExtern = (
  state: PackageState,
  place: Place,
  extern: ExternNode,
  span: Span,
): { readonly key: WorldKey; readonly item: DraftItem } => {
  if (extern.kind === 'function') {
    return {
      key: extern.id.name,
      item: { kind: 'function', function: resolveFreestanding(state, place, extern), span },
    };
  }
  if (extern.kind === 'interface') {
    const id = addInterface(state, null, span);
    resolveInterface(state, id, place.file, extern, extern.items);
    const annotations = { ...state.interfaces[id]!.annotations, docs: undefined };
    return { key: extern.id.name, item: { kind: 'interface', id, annotations, span } };
  }
  const annotations = toAnnotations(extern);
  const id = findInterface(state, place.file, extern.path);
  return { key: extern.id?.name ?? id, item: { kind: 'interface', id, annotations, span } };
};
