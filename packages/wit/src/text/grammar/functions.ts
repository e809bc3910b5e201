// Functions: `async func(name: type) -> type`.
import type { FunctionNode, NamedFunction, Preamble, TypeExpression } from '../syntax.ts';
import { type Cursor, eat, expect, takeId } from './cursor.ts';
import { takeList } from './lists.ts';
import { takeType } from './types.ts';

/** Takes `name: func();`. */
export const takeNamedFunction = (cursor: Cursor, preamble: Preamble): NamedFunction => {
  const id = takeId(cursor);
  expect(cursor, ':');
  const inner = takeFunction(cursor);
  expect(cursor, ';');
  return { ...preamble, id, function: inner };
};

/** Takes a function's type, from `async` or `func` on. */
export const takeFunction = (cursor: Cursor): FunctionNode => {
  const isAsync = eat(cursor, 'async');
  const span = expect(cursor, 'func');
  const params = takeParameters(cursor);
  return { span, isAsync, params, result: takeResultType(cursor) };
};

/** Takes `(name: type, …)`. */
export const takeParameters = (cursor: Cursor): FunctionNode['params'] => {
  expect(cursor, '(');
  return takeList(cursor, ')', () => {
    const id = takeId(cursor);
    expect(cursor, ':');
    return { id, type: takeType(cursor) };
  });
};

/** Takes `-> type` if it is there. */
export const takeResultType = (cursor: Cursor): TypeExpression | undefined =>
  eat(cursor, '->') ? takeType(cursor) : undefined;
