// What host and thread say to each other: the kinds of messages and the shapes of their texts.

/**
 * Host to thread. One posted array holds many messages, each the kind followed by its fields:
 * call: number, user, pack, run, agent, arguments · answer/refusal: request number, JSON · abort: call number, ping · ping: ping.
 */
export const TO_THREAD = { call: 1, answer: 2, refusal: 3, abort: 4, ping: 5 } as const;

/** Thread to host, as records of the outbox: kind, number of the call (or ping), JSON text. */
export const TO_HOST = { ready: 1, broken: 2, reply: 3, failure: 4, log: 5, request: 6, pong: 7 } as const;

/** The first message of a thread: the file that it serves from now on. */
export type AgentSource = {
  /** What the module is called inside the thread: the file's own URL, where it lies on this machine. */
  readonly url: string;
  /** The text of the file; types are stripped already. */
  readonly code: string;
  /** What the language made ready for its threads, as postMessage carries it. */
  readonly attachment?: unknown;
  /** How traces name the file. */
  readonly path: string;
  /** Whether `ready` has to bring AGENT. */
  readonly wantsAgent: boolean;
  readonly outputBytes: number;
  readonly cpuMs: number;
  readonly guestBytes: number;
  readonly logLines: number;
  readonly logLineLength: number;
};

/** Text of `failure` and `broken`. */
export type FailureText = {
  readonly code:
    | 'handler_failed'
    | 'invalid_input'
    | 'invalid_output'
    | 'output_too_large'
    | 'agent_broken'
    | 'resource_exhausted';
  readonly message: string;
  readonly trace?: readonly string[];
  readonly line?: number;
  readonly column?: number;
  /** The code of the host's refusal, where the agent did not handle it. */
  readonly cause?: string;
  /** What the agent's own error carries, as JSON text. */
  readonly payload?: string;
  /** The limit that was crossed, and its value. */
  readonly limit?: string;
  readonly maximum?: number;
};

/** Text of `refusal`. */
export type RefusalText = { readonly code: string; readonly message: string; readonly details?: unknown };

/** What a thread is started with. */
export type ThreadData = {
  /** The first module after this package's own are served, and that of the thread's language. */
  readonly main: string;
  readonly entry: string;
  /** Modules of this package by URL, already stripped of types, so that no thread needs the stripper. */
  readonly modules: ReadonlyMap<string, string>;
  readonly claims: Int32Array<SharedArrayBuffer>;
  readonly outbox: SharedArrayBuffer;
};
