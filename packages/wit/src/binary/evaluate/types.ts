// Declared types as nodes, and types and components from further out.

import { BinaryError } from '../errors.ts';
import { spend } from '../limits.ts';
import { readComponent } from '../read/component.ts';
import type { Declaration, TypeSyntax } from '../read/declarations.ts';
import { mapShape, partsOf } from '../shape.ts';
import type { Evaluation } from './evaluate.ts';
import { type ClosureNode, createValue, type Node, type Scope } from './nodes.ts';
import { entryAt, innerAt, resourceAt, viewOf } from './scope.ts';

/** The node of a declared type. */
export const evaluateType = (evaluation: Evaluation, scope: Scope, type: TypeSyntax, at: number): Node => {
  if (type.form === 'value') {
    const { shape } = type;
    spend(evaluation.budget, partsOf(shape), at);
    const isHandle = 'handle' in shape;
    return createValue(
      mapShape(shape, (ref) =>
        isHandle && typeof ref === 'number' ? resourceAt(scope, ref, at) : innerAt(scope, ref, at),
      ),
      at,
    );
  }
  if (type.form === 'function') {
    spend(evaluation.budget, type.params.length, at);
    return {
      form: 'function',
      async: type.async,
      params: type.params.map((param) => ({ name: param.name, type: innerAt(scope, param.type, at) })),
      result: type.result === null ? null : innerAt(scope, type.result, at),
    };
  }
  if (type.form === 'resource') return { form: 'resource' };
  return { form: type.form, body: () => type.body, outer: viewOf(scope) };
};

/** Brings in a type or a component of this level or one further out. */
export const aliasOuter = (
  evaluation: Evaluation,
  scope: Scope,
  { at, sort, levels, index }: Declaration & { readonly op: 'alias-outer' },
): void => {
  // Core types and core modules from further out are of no use to WIT types.
  if (sort === 'core' || sort === 'core-module') return;
  if (sort !== 'type' && sort !== 'component') {
    throw new BinaryError(`Expected an outer alias of a type or a component, found one of a ${sort}`, at);
  }
  let view = viewOf(scope);
  for (let level = 0; level < levels; level += 1) {
    const { outer } = view.scope;
    if (outer === undefined) throw new BinaryError(`Expected an alias that reaches at most ${level} levels out`, at);
    spend(evaluation.budget, 1, at);
    view = outer;
  }
  if (sort === 'type') scope.types.push(entryAt(view.scope.types, index, 'type', at, view.types));
  else scope.components.push(entryAt(view.scope.components, index, 'component', at, view.components));
};

/** A component inside another; its bytes are read once, when it is first used. */
export const componentInside = (
  evaluation: Evaluation,
  scope: Scope,
  { start, end }: Declaration & { readonly op: 'component' },
): ClosureNode => {
  const body = (): readonly Declaration[] => {
    const read = evaluation.read.get(start) ?? readComponent(evaluation.bytes, evaluation.budget, start, end);
    evaluation.read.set(start, read);
    return read;
  };
  return { form: 'component', body, outer: viewOf(scope) };
};
