// Adds a function to those joined already.
import type { DraftFunction } from '../draft.ts';
import { fail } from '../errors.ts';
import type { Span } from '../source.ts';
import type { Arena } from './arena.ts';
import { mapFunction } from './kinds.ts';
import { kindMap, type Remap } from './remap.ts';

/** Rewrites its types; throws where it returns a borrow. */
export const linkFunction = (
  arena: Arena,
  remap: Remap,
  source: DraftFunction,
  span: Span | undefined,
): DraftFunction => {
  const target = mapFunction(source, kindMap(arena, remap, span));
  if (typeof target.result === 'number' && arena.borrows[target.result] === true) {
    fail(span, `function \`${source.name}\` returns a type which contains a \`borrow<T>\` which is not supported`);
  }
  return target;
};
