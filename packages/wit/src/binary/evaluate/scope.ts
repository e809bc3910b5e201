// What is in reach at one level of declarations, looked up by index with its bounds and its form checked.

import { BinaryError } from '../errors.ts';
import type { SortIndex, TypeRef } from '../read/declarations.ts';
import {
  aliasOf,
  type ClosureNode,
  type Entity,
  type FunctionNode,
  type Inner,
  type Node,
  rootOf,
  type Scope,
  type View,
} from './nodes.ts';

/** A level with nothing declared yet. */
export const createScope = (outer: View | undefined): Scope => ({
  types: [],
  functions: [],
  instances: [],
  components: [],
  outer,
});

/** The level as it is now, for what is declared inside it. */
export const viewOf = (scope: Scope): View => ({
  scope,
  types: scope.types.length,
  components: scope.components.length,
});

/** The entry of an index space. */
export const entryAt = <T>(space: readonly T[], index: number, what: string, at: number, limit = space.length): T => {
  const entry = index < limit ? space[index] : undefined;
  if (entry === undefined) throw new BinaryError(`Expected ${what} ${index} to be declared before its use`, at);
  return entry;
};

/** A type, whatever its form. */
export const typeAt = (scope: Scope, index: number, at: number): Node => entryAt(scope.types, index, 'type', at);

/** An inner type: a primitive, or a value type by its index. */
export const innerAt = (scope: Scope, ref: TypeRef, at: number): Inner => {
  if (typeof ref === 'string') return ref;
  const node = typeAt(scope, ref, at);
  if (rootOf(node).form !== 'value') throw new BinaryError(`Expected type ${ref} to be the type of a value`, at);
  return node;
};

/** A resource by its index. */
export const resourceAt = (scope: Scope, index: number, at: number): Node => {
  const node = typeAt(scope, index, at);
  if (rootOf(node).form !== 'resource') throw new BinaryError(`Expected type ${index} to be a resource`, at);
  return node;
};

/** A function type by its index. */
export const functionTypeAt = (scope: Scope, index: number, at: number): FunctionNode => {
  const root = rootOf(typeAt(scope, index, at));
  if (root.form !== 'function') throw new BinaryError(`Expected type ${index} to be the type of a function`, at);
  return root;
};

/** An instance type or a component type by its index. */
export const closureAt = (scope: Scope, index: number, form: ClosureNode['form'], at: number): ClosureNode => {
  const root = rootOf(typeAt(scope, index, at));
  if (root.form !== form) throw new BinaryError(`Expected type ${index} to be the type of an ${form}`, at);
  return root as ClosureNode;
};

/** Something by its sort and index; undefined for core items, which WIT does not speak of. */
export const itemAt = (scope: Scope, { sort, index }: SortIndex, at: number): Entity => {
  if (sort === 'function') return { sort, at, type: entryAt(scope.functions, index, 'function', at) };
  if (sort === 'type') return { sort, at, type: aliasOf(typeAt(scope, index, at)) };
  if (sort === 'instance') return { sort, at, instance: entryAt(scope.instances, index, 'instance', at) };
  if (sort === 'component') return { sort, at, component: entryAt(scope.components, index, 'component', at) };
  if (sort === 'core') throw new BinaryError('Expected something of the component level, found a core item', at);
  return { sort, at };
};

/** Gives something the next index of its sort. */
export const introduce = (scope: Scope, entity: Entity): void => {
  if (entity.sort === 'function') scope.functions.push(entity.type);
  else if (entity.sort === 'type') scope.types.push(entity.type);
  else if (entity.sort === 'instance') scope.instances.push(entity.instance);
  else if (entity.sort === 'component') scope.components.push(entity.component);
};
