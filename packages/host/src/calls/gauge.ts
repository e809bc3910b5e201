// How much one call has under way at once; what is too much stops the call.
import { PypesError } from '@pypes/contract';

/** Counts what is under way. */
export interface Gauge {
  /** Counts one more until the returned function is called. @throws PypesError `resource_exhausted` */
  enter(): () => void;
}

/** `what` is under way at most `maximum` times; `onOver` stops the call. */
export function createGauge(what: string, limit: string, maximum: number, onOver: (error: PypesError) => void): Gauge {
  let count = 0;
  return {
    enter() {
      if (count >= maximum) {
        const error = new PypesError('resource_exhausted', `The call has more than ${maximum} ${what} under way`, {
          details: { limit, maximum },
        });
        onOver(error);
        throw error;
      }
      count += 1;
      let left = false;
      return () => {
        if (!left) count -= 1;
        left = true;
      };
    },
  };
}
