// The whole guard engine: policies around a call, the first one outermost.
import type { Next, Policy } from '@pypes/contract';

/**
 * Composes policies around what finally answers the call. A policy that throws stops the call there; what lies
 * further in never sees it (spec 4, guard); one that throws before it has made a promise rejects all the same.
 *
 * @example
 * const guard = compose([audit({ write }), dataBudget({ maxArgumentBytes: 1024 })], runAgent);
 * const reply = await guard(call);
 */
export function compose(policies: readonly Policy[], last: Next): Next {
  return policies.reduceRight<Next>(
    (next, policy) => (call) => {
      try {
        return policy(call, next);
      } catch (error) {
        return Promise.reject(error);
      }
    },
    last,
  );
}
