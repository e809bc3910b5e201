// A language model as the contract agent sees it: a text for a request, a bounded number of times.
import { type JsonObject, PypesError } from '@pypes/contract';

/** Asks a model. Whatever it answers is a stranger's text. */
export interface Model {
  /**
   * @param request a chat completion request
   * @throws PypesError `timeout`, `unavailable`, and what the guard and the gateway say
   */
  ask(request: JsonObject): Promise<string>;
}

/** How often a model is asked for one wish at the most. */
export const MOST_CALLS = 4;

/** The same model, for so many requests. */
export function withBound(model: Model, most = MOST_CALLS): Model {
  let left = most;
  return {
    ask: async (request) => {
      if (left === 0) throw new PypesError('resource_exhausted', `The model was asked ${most} times for this wish`);
      left -= 1;
      return model.ask(request);
    },
  };
}
