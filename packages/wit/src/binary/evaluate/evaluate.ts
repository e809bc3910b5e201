// Runs declarations at the level of types: what a component, a component type or an instance type imports and exports.
// Making an instance of a component is like a call: its imports are given, its exports come back.

import { BinaryError, quoted } from '../errors.ts';
import { type Budget, createBudget, MAX_DEPTH, spend } from '../limits.ts';
import { readComponent } from '../read/component.ts';
import type { Declaration, Description, ExternName } from '../read/declarations.ts';
import { aliasOf, type ClosureNode, type Entity, type Extern, type Instance, type Scope } from './nodes.ts';
import { closureAt, createScope, entryAt, functionTypeAt, introduce, itemAt, typeAt } from './scope.ts';
import { aliasOuter, componentInside, evaluateType } from './types.ts';

/** What all evaluations of one file share: its bytes, the work left, the depth, the inner components read so far. */
export type Evaluation = {
  readonly bytes: Uint8Array;
  readonly budget: Budget;
  readonly read: Map<number, readonly Declaration[]>;
  depth: number;
};

/** What the component that all the bytes make up imports and exports. */
export const evaluateBytes = (bytes: Uint8Array): { readonly evaluation: Evaluation; readonly externs: Externs } => {
  const budget = createBudget(bytes.length);
  const evaluation: Evaluation = { bytes, budget, read: new Map(), depth: 0 };
  const declarations = readComponent(bytes, budget);
  const closure: ClosureNode = { form: 'component', body: () => declarations, outer: undefined };
  return { evaluation, externs: evaluate(evaluation, closure, {}, 0) };
};

/** What something imports and exports. */
export type Externs = { readonly imports: Instance; readonly exports: Instance };

/** What is there already: arguments for imports, or the actual items behind described exports. */
type Given = { readonly imports?: Instance; readonly exports?: Instance };

/** What a component, a component type or an instance type imports and exports. */
export const evaluate = (evaluation: Evaluation, closure: ClosureNode, given: Given, at: number): Externs => {
  if (evaluation.depth >= MAX_DEPTH) {
    throw new BinaryError(`Expected components and instances nested at most ${MAX_DEPTH} deep`, at);
  }
  evaluation.depth += 1;
  const scope = createScope(closure.outer);
  const imports = new Map<string, Extern>();
  const exports = new Map<string, Extern>();
  for (const declaration of closure.body()) {
    spend(evaluation.budget, 1, declaration.at);
    const { op } = declaration;
    if (op === 'import') {
      declare(imports, declaration.name, describe(evaluation, scope, declaration, given.imports), scope);
    } else if (op === 'export-type') {
      declare(exports, declaration.name, describe(evaluation, scope, declaration, given.exports), scope);
    } else if (op === 'export') {
      declare(exports, declaration.name, exportItem(evaluation, scope, declaration), scope);
    } else {
      define(evaluation, scope, declaration);
    }
  }
  evaluation.depth -= 1;
  return { imports, exports };
};

const declare = (externs: Map<string, Extern>, { name, ...rest }: ExternName, entity: Entity, scope: Scope): void => {
  if (externs.has(name)) throw new BinaryError(`Expected each name once, found ${quoted(name)} twice`, entity.at);
  externs.set(name, { ...rest, entity });
  introduce(scope, entity);
};

type Described = { readonly at: number; readonly name: ExternName; readonly is: Description };

const describe = (evaluation: Evaluation, scope: Scope, { at, name, is }: Described, given?: Instance): Entity => {
  const actual = given?.get(name.name)?.entity;
  if (given !== undefined && actual?.sort !== is.sort) {
    throw new BinaryError(`Expected ${quoted(name.name)} to be given as a ${is.sort}`, at);
  }
  return describedAs(evaluation, scope, is, actual, at);
};

/** Something as described; what is actually there, if anything, gives its types their identity. */
const describedAs = (
  evaluation: Evaluation,
  scope: Scope,
  is: Description,
  actual: Entity | undefined,
  at: number,
): Entity => {
  if (is.sort === 'function') return { sort: 'function', at, type: functionTypeAt(scope, is.type, at) };
  if (is.sort === 'type') {
    const bound = is.equals === null ? undefined : typeAt(scope, is.equals, at);
    if (actual?.sort === 'type') return { sort: 'type', at, type: aliasOf(actual.type) };
    return { sort: 'type', at, type: bound === undefined ? { form: 'resource' } : aliasOf(bound) };
  }
  if (is.sort === 'instance') {
    const closure = closureAt(scope, is.type, 'instance', at);
    const given = actual?.sort === 'instance' ? { exports: actual.instance } : {};
    return { sort: 'instance', at, instance: evaluate(evaluation, closure, given, at).exports };
  }
  if (is.sort === 'component') {
    const closure = closureAt(scope, is.type, 'component', at);
    return { sort: 'component', at, component: actual?.sort === 'component' ? actual.component : closure };
  }
  return { sort: is.sort, at };
};

const exportItem = (
  evaluation: Evaluation,
  scope: Scope,
  { at, item, is, name }: Declaration & { readonly op: 'export' },
): Entity => {
  const entity = itemAt(scope, item, at);
  if (is === null) return entity;
  if (is.sort !== entity.sort) throw new BinaryError(`Expected ${quoted(name.name)} to be a ${is.sort}`, at);
  return describedAs(evaluation, scope, is, entity, at);
};

type Definition = Exclude<Declaration, { readonly op: 'import' | 'export-type' | 'export' }>;

const define = (evaluation: Evaluation, scope: Scope, declaration: Definition): void => {
  const { at } = declaration;
  if (declaration.op === 'type') {
    scope.types.push(evaluateType(evaluation, scope, declaration.type, at));
  } else if (declaration.op === 'lift') {
    scope.functions.push(functionTypeAt(scope, declaration.type, at));
  } else if (declaration.op === 'alias-export') {
    aliasExport(scope, declaration);
  } else if (declaration.op === 'alias-outer') {
    aliasOuter(evaluation, scope, declaration);
  } else if (declaration.op === 'component') {
    scope.components.push(componentInside(evaluation, scope, declaration));
  } else {
    const items = declaration.op === 'bundle' ? declaration.exports : declaration.args;
    spend(evaluation.budget, items.size, at);
    const given = new Map<string, Extern>();
    for (const [name, item] of items) if (item.sort !== 'core') given.set(name, { entity: itemAt(scope, item, at) });
    if (declaration.op === 'bundle') {
      scope.instances.push(given);
      return;
    }
    const component = entryAt(scope.components, declaration.component, 'component', at);
    scope.instances.push(evaluate(evaluation, component, { imports: given }, at).exports);
  }
};

const aliasExport = (
  scope: Scope,
  { at, sort, instance, name }: Declaration & { readonly op: 'alias-export' },
): void => {
  const found = entryAt(scope.instances, instance, 'instance', at).get(name)?.entity;
  if (found?.sort !== sort) {
    throw new BinaryError(`Expected instance ${instance} to export a ${sort} ${quoted(name)}`, at);
  }
  introduce(scope, found);
};
