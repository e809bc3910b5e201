// What a request that came through the SDK brings with it, in the words of calls.
import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  LOG_LEVEL_META_KEY,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { Json, JsonObject } from '@pypes/contract';
import type { CallEvent } from '@pypes/host';
import { type EventSink, toListener } from '../call/events.ts';
import type { Exchange, Round } from '../call/exchange.ts';
import type { CallState } from '../call/state.ts';
import type { McpCaller } from '../caller.ts';

/** Which protocol a client speaks. */
export type Era = 'legacy' | 'modern';

/** A client, as its server knows it. */
export type Client = {
  readonly caller: McpCaller;
  readonly owner: string;
  readonly era: Era;
  /** What it declared when it connected (2025-11-25). */
  readonly capabilities: () => ClientCapabilities | undefined;
  readonly onEvent: ((event: CallEvent) => void) | undefined;
};

/** The exchange of one request; `agent` is who may report progress. */
export function exchangeOf(client: Client, context: ServerContext, agent: string): Exchange {
  const { caller, owner } = client;
  const heard = toListener(sinkOf(client, context), agent);
  const { onEvent } = client;
  const listener =
    heard === undefined
      ? undefined
      : (event: CallEvent) => {
          onEvent?.(event);
          heard(event);
        };
  return {
    caller,
    owner,
    capabilities: capabilitiesOf(client, context),
    signal: context.mcpReq.signal,
    ...(listener === undefined ? {} : { onEvent: listener }),
  };
}

/** What the client can be asked, and whether it knows tasks. */
export function capabilitiesOf({ era, capabilities }: Client, { mcpReq }: ServerContext): ClientCapabilities {
  const declared = era === 'modern' ? envelopeOf(mcpReq)[CLIENT_CAPABILITIES_META_KEY] : capabilities();
  return (declared as ClientCapabilities | undefined) ?? {};
}

/** Answers and state of a request that is made again; the SDK has opened the state's seal. */
export function roundOf({ mcpReq }: ServerContext): Round {
  const state = mcpReq.requestState<CallState | undefined>();
  const answers = (mcpReq.inputResponses ?? {}) as unknown as JsonObject;
  return { answers, ...(state === undefined ? {} : { state }) };
}

function sinkOf({ era }: Client, { mcpReq }: ServerContext): EventSink {
  const token = mcpReq._meta?.progressToken;
  const wantsLogs = era === 'legacy' || envelopeOf(mcpReq)[LOG_LEVEL_META_KEY] !== undefined;
  return {
    ...(token === undefined
      ? {}
      : {
          progress: (params) =>
            forget(mcpReq.notify({ method: 'notifications/progress', params: { progressToken: token, ...params } })),
        }),
    ...(wantsLogs ? { log: (level, data, logger) => forget(mcpReq.log(level, data, logger)) } : {}),
  };
}

/** What a request of 2026-07-28 says of its client. */
function envelopeOf({ envelope }: ServerContext['mcpReq']): { readonly [key: string]: Json | undefined } {
  return (envelope ?? {}) as { readonly [key: string]: Json | undefined };
}

/** A client that went away does not hear the rest. */
function forget(sent: Promise<void>): void {
  sent.catch(() => undefined);
}
