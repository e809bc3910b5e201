// How many calls may be under way in one isolate: the others wait, but never behind those that wait for them.
import { PypesError } from '@pypes/contract';

/**
 * Lets `most` calls in at once. A call of a run that is in already, as an agent makes it of another, does not wait, for
 * the one that made it waits for it: there may be `most` more of those, and none beyond.
 *
 * @throws PypesError `unavailable` from `enter`
 */
export function createAdmission(most: number) {
  /** Calls that are in, by run. */
  const runs = new Map<string, number>();
  const waiting: (() => void)[] = [];
  let inside = 0;

  function admit(run: string): void {
    inside++;
    runs.set(run, (runs.get(run) ?? 0) + 1);
  }

  return {
    /** At once where there is room. */
    enter(run: string): Promise<void> | undefined {
      if (inside < most && waiting.length === 0) {
        admit(run);
        return undefined;
      }
      if (!runs.has(run)) {
        const turn = Promise.withResolvers<void>();
        waiting.push(() => {
          admit(run);
          turn.resolve();
        });
        return turn.promise;
      }
      if (inside >= 2 * most) {
        const message = `${inside} calls are under way in this isolate, which has no memory for more; call again`;
        throw new PypesError('unavailable', message);
      }
      admit(run);
      return undefined;
    },
    leave(run: string): void {
      inside--;
      const others = (runs.get(run) ?? 1) - 1;
      if (others === 0) runs.delete(run);
      else runs.set(run, others);
      if (inside < most) waiting.shift()?.();
    },
  };
}
