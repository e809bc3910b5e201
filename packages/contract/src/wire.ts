// The bodies of the wire contract (spec 2), snake_case as they travel.
import type { Json, JsonObject } from './json.ts';
import type { SkippedFile } from './pack.ts';
import type { Permissions } from './permissions.ts';
import type { Violation } from './validation.ts';

/** `POST /api/pack/{guid}/agent` */
export type CallBody = { readonly name: string; readonly args?: JsonObject; readonly user_guid?: string };

/** The answer to a call. */
export type CallAnswer = { readonly status: 'ok'; readonly output: Json };

/** The answer to a deploy. */
export type DeployAnswer = {
  readonly status: 'ok';
  readonly pack_guid: string;
  readonly name: string;
  readonly pack_url: string;
  readonly info_url: string;
  readonly agent_count: number;
  readonly skipped?: readonly SkippedFile[];
  readonly pack_token?: string;
};

/** One pack in the answer of `GET /api/pack/healthz`. */
export type PackSummary = {
  readonly pack_guid: string;
  readonly name: string;
  readonly purpose: string;
  readonly agent_count: number;
  readonly created_at: string;
  readonly created_by: string;
};

/** `GET /api/pack/healthz` */
export type HostHealth = {
  readonly status: 'ok';
  readonly schema: string;
  readonly version: string;
  readonly host: string;
  /** The capability matrix: names of runtimes, each once. */
  readonly runtimes: readonly string[];
  /** What the endpoint has beside the wire contract: `runs` (spec 5), `mcp` (spec 8). */
  readonly offers?: readonly string[];
  readonly pack_count: number;
  readonly packs: readonly PackSummary[];
};

/** A file that could not become an agent, with its real error. */
export type QuarantinedFile = {
  readonly filename: string;
  readonly error: string;
  readonly line?: number;
  readonly column?: number;
  /**
   * Nothing is wrong with the file. `unsupported`: this endpoint does not run its language, and calls of its agents are
   * 501. `unavailable`: what runs its language cannot be reached; it is tried again, and until then calls are 503.
   */
  readonly code?: 'unsupported' | 'unavailable';
};

/** An agent that another file of the same name took the place of. */
export type ShadowedAgent = { readonly name: string; readonly filename: string; readonly by: string };

/** What a pack may do: what it asks for, what an operator granted, and whether that holds. */
export type PackTrust = {
  /** trusted: the full power of its language · sandboxed: computation, its own memory, and what is granted. */
  readonly trust: 'trusted' | 'sandboxed';
  readonly asks?: Partial<Permissions>;
  readonly granted?: Partial<Permissions>;
  /** The grant was given for other content than the pack has now: it does not hold until it is given again. */
  readonly grant_suspended?: boolean;
};

/** `GET /api/pack/{guid}/healthz` */
export type PackHealth = Partial<PackTrust> & {
  readonly status: 'ok';
  readonly pack_guid: string;
  readonly name: string;
  readonly purpose: string;
  readonly agent_count: number;
  readonly agents: readonly string[];
  readonly quarantined?: readonly QuarantinedFile[];
  readonly shadowed?: readonly ShadowedAgent[];
  readonly sealed?: boolean;
};

/** `DELETE /api/pack/{guid}` */
export type RemoveAnswer = { readonly status: 'ok'; readonly removed: string };

/** Every failure. */
export type ErrorAnswer = {
  readonly status: 'error';
  readonly message: string;
  readonly code: string;
  readonly available?: readonly string[];
  readonly errors?: readonly Violation[];
  readonly trace?: string;
  readonly [key: string]: Json | undefined | readonly Violation[];
};
