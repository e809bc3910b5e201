// The agent: what an author exports (AGENT, run) and what the host hands to run (spec 1).
import type { CapabilityOperation } from './capabilities.ts';
import type { Json, JsonObject, JsonSchema } from './json.ts';

/** One example of a call; `returns`, where given, is what the call answers. */
export type AgentExample = { readonly args: JsonObject; readonly returns?: Json };

/** `AGENT`: the metadata an author exports. Unknown keys are kept and passed through. */
export type AgentMetadata = {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments, `type: "object"`: the function-calling form. */
  readonly parameters: JsonSchema;
  readonly returns?: JsonSchema;
  readonly examples?: readonly AgentExample[];
  readonly [key: string]: Json | undefined | readonly AgentExample[];
};

/** Severity of a log line or an event. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What `run` is given: who and where, and the capabilities that were granted (spec 1, context). */
export interface AgentContext {
  readonly agent: string;
  readonly packGuid: string;
  /** Absent for a call without a user: its memory is the pack's shared one. */
  readonly userGuid?: string;
  /** For whom the call is made, where a host serves several: a runtime keeps nothing of one for another. No guest is told. */
  readonly tenant?: string;
  readonly runId: string;
  /** The run that began with a call from outside, where this one was made by an agent: who waits for whom. */
  readonly rootRunId?: string;
  /** Aborted when the call is over its time limit or canceled; a runtime then stops the guest, whatever it does. */
  readonly signal: AbortSignal;
  /** Whether the call was stopped; costs nothing, while the first look at `signal` makes one. */
  readonly stopped: boolean;
  /** Tells a listener when the call is stopped, at once where it was; the returned function takes it back. */
  onStop(listener: () => void): () => void;
  log(level: LogLevel, message: string, data?: Json): void;
  /** `fraction` from 0 to 1. */
  progress(fraction: number, message?: string): void;
  readonly memory: AgentMemory;
  /** Calls another agent of the same pack through the guard. */
  call(agent: string, args: JsonObject): Promise<Json>;
  /**
   * Asks for one operation of the host, through the guard (capabilities.ts has them all, with their parameters).
   *
   * @throws PypesError `policy_denied` where the pack was not granted it, `invalid_input`, `unsupported`, and what the
   * operation says
   */
  use(operation: CapabilityOperation, parameters: JsonObject): Promise<Json>;
}

/** JSON memory of this (pack, user). A write has reached the store when its promise resolves. */
export interface AgentMemory {
  get(key: string): Promise<Json | undefined>;
  set(key: string, value: Json): Promise<void>;
  delete(key: string): Promise<boolean>;
  /** The sorted keys, those that begin with `prefix` where given. */
  list(prefix?: string): Promise<readonly string[]>;
  /**
   * Takes the whole document out for this call alone: until the call ends, no other call of the same (pack, user)
   * can take it, so that read-modify-write of a file loses nothing. Calls made from this call share it.
   */
  checkout(): Promise<MemoryCheckout>;
}

/** A memory document taken out by one call. */
export interface MemoryCheckout {
  readonly document: JsonObject;
  /** Stores what changed against `document`, key by key. May be called more than once. */
  commit(document: JsonObject): Promise<void>;
}

/** JSON Schema of `AGENT`, for editors and for checking what a file exports. */
export const AGENT_SCHEMA: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'AGENT',
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 200 },
    description: { type: 'string' },
    parameters: { type: 'object', properties: { type: { const: 'object' } } },
    returns: { type: ['object', 'boolean'] },
    examples: {
      type: 'array',
      items: { type: 'object', required: ['args'], properties: { args: { type: 'object' }, returns: true } },
    },
  },
};
