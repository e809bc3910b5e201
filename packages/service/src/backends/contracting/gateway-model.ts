// The operator's model for the contract agent: every request passes the guard, by the same door as HTTP's.
import { type JsonObject, PypesError } from '@pypes/contract';
import type { AiDoor } from '@pypes/host';
import type { Model } from './host-contracting.ts';

/** Who asks, in the audit log and the gateway's records. */
const CALLER = 'pypes contract';

export type GatewayModelOptions = {
  readonly ai: AiDoor;
  /** By id or alias; the operator's default where absent. */
  readonly model?: string;
  /** For one request. */
  readonly timeoutMs: number;
};

/** A model behind the gateway. */
export function createGatewayModel({ ai, model, timeoutMs }: GatewayModelOptions): Model {
  return {
    async ask(request) {
      const controller = new AbortController();
      const message = `The model did not answer within ${timeoutMs} ms`;
      const timer = setTimeout(() => controller.abort(new PypesError('timeout', message)), timeoutMs);
      try {
        const named = model === undefined ? request : { ...request, model };
        return textOf(await ai.complete(named, CALLER, controller.signal));
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

function textOf({ choices }: JsonObject): string {
  const [choice] = (Array.isArray(choices) ? choices : []) as readonly {
    readonly message?: { readonly content?: unknown };
  }[];
  const text = choice?.message?.content;
  if (typeof text === 'string') return text;
  throw new PypesError('unavailable', 'The model answered without a text');
}
