// What a language brings into a thread: one module that exports `language`, named by the host (pool/thread.ts).
import type { AgentSource, FailureText } from '../wire/messages.ts';
import type { GuestCall } from './call.ts';
import type { CreateEngines } from './engines.ts';
import type { Requests } from './requests.ts';

/** A language inside a thread. */
export type GuestLanguage = {
  /** Loads the one file that this thread serves. What it throws becomes the failure of the file. */
  load(source: AgentSource, tools: GuestTools): Promise<LoadedGuest>;
  /** What a call, or `load`, threw, as the host is told it. */
  toFailure(thrown: unknown, source: AgentSource): FailureText;
};

/** A loaded file. */
export type LoadedGuest = {
  /** AGENT as JSON text; empty where `source.wantsAgent` is false. */
  readonly agentText: string;
  /** Runs one call: gives its result, at once or as a promise; a {@link JsonText} is taken as it is. */
  run(invocation: Invocation): unknown;
};

/** One call, as the host sent it. */
export type Invocation = {
  readonly call: GuestCall;
  readonly userGuid: string | null;
  /** Whose the call is: what is kept for a further call is kept for the same owner. Not for the guest. */
  readonly owner: string;
  readonly packGuid: string;
  readonly runId: string;
  readonly agent: string;
  /** JSON text, or an object as postMessage cloned it (pool/payload.ts). */
  readonly args: unknown;
};

/** What a language can use. */
export type GuestTools = {
  readonly requests: Requests;
  /** The host wants this call to end: to be asked from inside a computation, when no message can come in. */
  readonly stopRequested: (call: GuestCall) => boolean;
  /** Told when the host wants a call that waits to end; without it, the thread itself is ended. */
  readonly onStop?: (call: GuestCall, listener: () => void) => void;
  readonly createEngines: CreateEngines;
};

/** A result that is JSON text already. */
export class JsonText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** The arguments of a call as a value. */
export function readArguments(args: unknown): unknown {
  return typeof args === 'string' ? JSON.parse(args) : args;
}
