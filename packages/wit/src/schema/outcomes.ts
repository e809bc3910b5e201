// How a call of a WIT function can end: apart from the schemas, for those who only convert values need no more.
import type { ResolvedWit, Type, WitFunction } from '../resolved.ts';
import { shapeOf } from './types.ts';

/** The two ends of a call; `fails` tells whether the function gives a `result` at all. */
export type Outcomes = { readonly ok: Type | null; readonly err: Type | null; readonly fails: boolean };

/** What a call gives when it succeeds and when it fails. */
export function outcomesOf(resolved: ResolvedWit, called: WitFunction): Outcomes {
  if (called.result === undefined) return { ok: null, err: null, fails: false };
  const shape = shapeOf(resolved, called.result);
  if (typeof shape === 'object' && typeof shape.kind === 'object' && 'result' in shape.kind) {
    return { ...shape.kind.result, fails: true };
  }
  return { ok: called.result, err: null, fails: false };
}
