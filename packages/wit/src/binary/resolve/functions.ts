// Functions as the resolved WIT has them, with what their names say about the resource that they belong to.

import type { FunctionKind, TypeId } from '../../resolved.ts';
import { BinaryError, quoted } from '../errors.ts';
import type { FunctionNode } from '../evaluate/nodes.ts';
import { spend } from '../limits.ts';
import { type FunctionName, parseFunctionName } from '../names.ts';
import { type Builder, behindNames } from './builder.ts';
import type { DraftFunction } from './drafts.ts';
import { convertInner } from './types.ts';

/** Finds a type by its name in the interface or world that a function is in. */
type FindType = (name: string) => TypeId | undefined;

/** A function under a name of the binary. */
export const convertFunction = (
  builder: Builder,
  text: string,
  node: FunctionNode,
  findType: FindType,
  at: number,
): DraftFunction => {
  const name = parseFunctionName(text, at);
  const async = name.async || node.async;
  spend(builder.budget, 1 + node.params.length, at);
  return {
    name: name.name,
    kind: kindOf(builder, name, async, findType, at),
    params: node.params.map((param) => ({ name: param.name, type: convertInner(builder, param.type, at) })),
    ...(node.result === null ? {} : { result: convertInner(builder, node.result, at) }),
  };
};

const kindOf = (builder: Builder, name: FunctionName, async: boolean, findType: FindType, at: number): FunctionKind => {
  if (name.form === 'freestanding') return async ? 'async-freestanding' : 'freestanding';
  const resource = findType(name.resource);
  if (resource === undefined || builder.types[behindNames(builder, resource, at)]?.kind !== 'resource') {
    throw new BinaryError(`Expected a resource ${quoted(name.resource)} before its functions`, at);
  }
  if (name.form === 'method') return async ? { 'async-method': resource } : { method: resource };
  if (name.form === 'static') return async ? { 'async-static': resource } : { static: resource };
  if (async) throw new BinaryError('Expected a constructor that is not async', at);
  return { constructor: resource };
};
