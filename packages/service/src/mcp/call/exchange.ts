// What one request brings with it: who asks, what can be asked back, where events go, and how it is stopped.
import type { ClientCapabilities } from '@modelcontextprotocol/server';
import type { JsonObject } from '@pypes/contract';
import type { CallEvent } from '@pypes/host';
import type { McpCaller } from '../caller.ts';
import type { CallState } from './state.ts';

/** One request of a client. */
export type Exchange = {
  readonly caller: McpCaller;
  /** What tasks, sessions and states of this client belong to. */
  readonly owner: string;
  readonly capabilities: ClientCapabilities;
  /** As a function it is asked for only when the call takes a while. */
  readonly signal: AbortSignal | (() => AbortSignal);
  /** Where the client wants to hear how far the call is, or what it logs. */
  readonly onEvent?: (event: CallEvent) => void;
};

/** Answers to what was asked in the round before, and what was remembered of it. */
export type Round = { readonly answers: JsonObject; readonly state?: CallState };
