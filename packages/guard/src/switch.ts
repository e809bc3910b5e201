// Policies that can be replaced while calls run: a call that has begun stays under those it began with.
import type { Next, Policy } from '@pypes/contract';
import { compose } from './compose.ts';

/** A place in a chain whose policies can be replaced at once. */
export interface PolicySwitch {
  readonly policy: Policy;
  /** Composed once; the next call has them. */
  replace(policies: readonly Policy[]): void;
}

/**
 * @example
 * const operators = createSwitch([]);
 * const guard = compose([audit(sink), operators.policy], run);
 * operators.replace([rate(options, Date.now)]);
 */
export function createSwitch(policies: readonly Policy[]): PolicySwitch {
  let current = policies;
  /** The rest of the chain is the same one for all calls, so that the whole is composed once for it. */
  let composed: { readonly rest: Next; readonly whole: Next } | undefined;
  return {
    policy(call, next) {
      if (current.length === 0) return next(call);
      if (composed?.rest !== next) composed = { rest: next, whole: compose(current, next) };
      return composed.whole(call);
    },
    replace(policies) {
      current = [...policies];
      composed = undefined;
    },
  };
}
