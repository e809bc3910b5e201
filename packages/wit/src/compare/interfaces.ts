// Compares two interfaces of one name: their functions, resources and named types.
import type { InterfaceId, ResolvedWit, TypeId, WitFunction } from '../resolved.ts';
import { compareFunctions, type Role } from './functions.ts';
import { within } from './reasons.ts';
import type { Relate } from './relation.ts';
import type { Side } from './side.ts';

/** Notes in what two interfaces differ. */
export function compareInterfaces(relate: Relate, was: InterfaceId, is: InterfaceId, role: Role, path: string): void {
  const [before, after] = [membersOf(relate.old, was), membersOf(relate.new, is)];
  for (const [name, member] of before) {
    const other = after.get(name);
    const at = within(path, name);
    if (other === undefined)
      relate.note(at, role === 'offered' ? 'It was removed' : 'It is not needed any more', role === 'offered');
    else if (member !== 'resource' && other !== 'resource') compareFunctions(relate, member, other, role, at);
    else if (member !== other) relate.note(at, 'One is a resource, the other a function', true);
  }
  for (const name of after.keys()) {
    if (!before.has(name))
      relate.note(within(path, name), role === 'offered' ? 'It was added' : 'It is needed now', role === 'needed');
  }
}

/** The types of an interface, compared where no function did: who only names them has to know, nothing breaks. */
export function compareNamedTypes(relate: Relate, was: InterfaceId, is: InterfaceId, path: string): void {
  const [before, after] = [typesOf(relate.old.resolved, was), typesOf(relate.new.resolved, is)];
  for (const [name, id] of before) {
    const other = after.get(name);
    const at = within(path, `type ${name}`);
    if (other === undefined) relate.note(at, 'It was removed', false);
    else if (!relate.knows(id, other)) relate.types(id, other, 'to-old', at);
  }
  for (const name of after.keys()) {
    if (!before.has(name)) relate.note(within(path, `type ${name}`), 'It was added', false);
  }
}

function typesOf(resolved: ResolvedWit, id: InterfaceId): ReadonlyMap<string, TypeId> {
  const types = Object.entries(resolved.interfaces[id]?.types ?? {});
  return new Map(types.filter(([, type]) => isDeclared(resolved, type)));
}

/** Resources are compared with the functions, and what an alias is called is nobody's business. */
function isDeclared(resolved: ResolvedWit, id: TypeId): boolean {
  const kind = resolved.types[id]?.kind;
  return typeof kind === 'object' && ('record' in kind || 'variant' in kind || 'enum' in kind || 'flags' in kind);
}

/** Functions and resources by name. */
function membersOf({ resolved }: Side, id: InterfaceId): ReadonlyMap<string, WitFunction | 'resource'> {
  const found = resolved.interfaces[id];
  const resources = Object.entries(found?.types ?? {}).filter(([, type]) => resolved.types[type]?.kind === 'resource');
  return new Map<string, WitFunction | 'resource'>([
    ...resources.map(([name]): [string, 'resource'] => [name, 'resource']),
    ...Object.entries(found?.functions ?? {}),
  ]);
}
