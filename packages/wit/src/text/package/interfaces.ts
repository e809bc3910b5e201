// Interfaces: their types, then their functions.
import type { DraftFunction } from '../draft.ts';
import type { InterfaceItem, Preamble } from '../syntax.ts';
import { defineName, resolveTypes, type TypeItem } from './definitions.ts';
import { resolveFreestanding, resolveMember } from './functions.ts';
import { toAnnotations } from './stability.ts';
import type { PackageState, Place } from './state.ts';

/** Fills the interface of an id with what is written between its braces. */
export const resolveInterface = (
  state: PackageState,
  id: number,
  file: number,
  preamble: Preamble,
  items: readonly InterfaceItem[],
): void => {
  const annotations = toAnnotations(preamble);
  const target = { ...state.interfaces[id]!, annotations };
  state.interfaces[id] = target;
  const place: Place = { file, scope: state.scopes[id]! };
  resolveTypes(state, place, { interface: id }, items.filter(isTypeItem));
  for (const [name, scoped] of place.scope) if ('type' in scoped) target.types.set(name, scoped.type);
  for (const item of items) {
    for (const found of resolveFunctions(state, place, item)) target.functions.set(found.name, found);
  }
};

const isTypeItem = (item: InterfaceItem): item is TypeItem => item.kind !== 'function';

const resolveFunctions = (state: PackageState, place: Place, item: InterfaceItem): readonly DraftFunction[] => {
  if (item.kind === 'function') {
    const { id } = item.function;
    defineName(place.scope, id, { function: true, span: id.span });
    return [resolveFreestanding(state, place, item.function)];
  }
  if (item.kind !== 'type' || item.type.body.kind !== 'resource') return [];
  const { id, body } = item.type;
  return body.functions.map((node) => resolveMember(state, place, id, node));
};
