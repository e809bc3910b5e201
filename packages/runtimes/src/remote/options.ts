// What a host says of the endpoint that runs its missing languages.
import type { Limits } from '@pypes/contract';

/** A language of the other endpoint. */
export type RemoteLanguage = {
  readonly name: string;
  /** File name endings with the dot, lower case. */
  readonly extensions: readonly string[];
  /** Endings of files that travel with a file: `name.wit` beside `name.wasm`. */
  readonly companions?: readonly string[];
};

export type RemoteOptions = {
  /** Its address; `/api/remote/` is added. */
  readonly endpoint: string;
  /** What both share: at least 32 bytes. */
  readonly key: string;
  readonly languages: readonly RemoteLanguage[];
  /**
   * Where this side is reached from there, up to `/api/remote/ask`, to which the id of a call is added. Absent, or
   * undefined when asked: what a guest asks of its context fails, and its logs arrive with the answer. What a guest asks
   * is sent there in the open but for TLS: the address is the operator's to name, never that of a stranger's request.
   */
  readonly callback?: string | (() => string | undefined);
  /**
   * Limits that differ there: what an isolate cannot hold, a machine may. The smaller one of these and of the endpoint's
   * own counts.
   */
  readonly limits?: Partial<Limits>;
  readonly fetch: (address: string, init: RequestInit) => Promise<Response>;
  /** For a file to be loaded there. Milliseconds. */
  readonly loadMs?: number;
  /** How far the clocks may be apart. Milliseconds. */
  readonly windowMs?: number;
  readonly now?: () => number;
  /** Ids that nobody guesses, of at least 16 characters. */
  readonly newId?: () => string;
};
