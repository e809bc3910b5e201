// Which step of a blueprint a call is of: a step says what it is about to be called with, and the call has just that.
import type { StepEvent } from '../../blueprints/run/engine/events.ts';

/** Steps that are about to make their call. */
export interface StepNames {
  see(event: StepEvent): void;
  /** The step whose call has these arguments; undefined where that could be another one. */
  take(argsDigest: string): string | undefined;
}

export function createStepNames(): StepNames {
  /** Steps by the digest of what they are called with. */
  const waiting = new Map<string, string[]>();
  return {
    see(event) {
      if (event.type !== 'step.started') return;
      const steps = waiting.get(event.input) ?? [];
      steps.push(event.step);
      waiting.set(event.input, steps);
    },
    take(argsDigest) {
      const steps = waiting.get(argsDigest);
      if (steps === undefined) return undefined;
      const isOne = steps.every((step) => step === steps[0]);
      const step = steps.shift();
      if (steps.length === 0) waiting.delete(argsDigest);
      return isOne ? step : undefined;
    },
  };
}
