// What a run is asked for: an agent of a pack, a blueprint or an agreement, and what it is given (spec 5).
import type { Json, JsonObject } from '../json.ts';

/** `deterministic`: the same input gives the same bundle, byte for byte. */
export type RunMode = 'normal' | 'deterministic';

/** The body of `POST /v1/runs`. Exactly one of agent, blueprint and agreement says what runs. */
export type RunRequest = {
  /** An agent's name; with `pack`, of that pack, else of the one pack that has an agent of this name. */
  readonly agent?: string;
  /** A pack's guid or, where only one pack has it, its name. */
  readonly pack?: string;
  /** A blueprint that the operator offers, by name. */
  readonly blueprint?: string;
  readonly agreement?: string;
  readonly input: JsonObject;
  /** Whose memory it has: `{user_guid}`. */
  readonly context?: { readonly user_guid?: string };
  /** The caller's own; kept, shown, never looked into. */
  readonly metadata?: JsonObject;
  readonly mode?: RunMode;
};

/** What was wrong, in a record or an envelope (spec 5, errors). */
export type RunError = {
  readonly type: string;
  readonly message: string;
  readonly retryable: boolean;
  /** Where it came from: `engine`, `agent`, `policy`, `service`. */
  readonly source: string;
  readonly details?: { readonly [key: string]: Json };
};
