// What a call remembers while a client is asked: it travels through the client, sealed, and counts for that call alone.
import { createRequestStateCodec } from '@modelcontextprotocol/server';
import { canonicalJson, type Json, type JsonObject } from '@pypes/contract';

/** What is remembered. */
export type CallState = {
  /** Of whom, and of what request, in one hash. */
  readonly of: string;
  /** The request for approval that was asked about. */
  readonly approval?: string;
  /** What the agent had been given when approval was asked for. */
  readonly answers?: JsonObject;
  /** What the agent wants to remember. */
  readonly state?: Json;
};

/** Seals and opens. */
export interface StateSeal {
  mint(state: CallState): Promise<string>;
  /** @throws Error where the seal is broken or too old */
  open(sealed: string): Promise<CallState>;
}

const TTL_SECONDS = 900;

/** A seal with a key (32 bytes or more); processes that answer for each other need the same one. */
export function createStateSeal(key: Uint8Array): StateSeal {
  const codec = createRequestStateCodec<CallState>({ key, ttlSeconds: TTL_SECONDS });
  return {
    mint: (state) => codec.mint(state),
    // The context is for binding, which `of` does.
    open: (sealed) => codec.verify(sealed, undefined as never),
  };
}

/** The hash that binds a state to who asked for what. */
export async function bindRequest(owner: string, method: string, name: string, args: Json): Promise<string> {
  const text = canonicalJson([owner, method, name, args]);
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
