// What durable runs are made of, and what they offer: the library behind the doors of `/v1` (spec 5).
import type { Json, JsonObject } from '@pypes/contract';
import type {
  ArtifactEntry,
  ArtifactStore,
  ByteRange,
  RunEngine,
  RunEvent,
  RunRecord,
  RunRef,
  RunStore,
} from '@pypes/contract/runs';
import type { Host } from '../host.ts';
import type { BlueprintRunner } from './execution/blueprint-runner.ts';

/** What runs are made of. */
export type RunsOptions = {
  readonly host: Pick<Host, 'call' | 'get' | 'list' | 'limits'>;
  readonly store: RunStore;
  readonly artifacts: ArtifactStore;
  /** Who hands runs to workers; absent: this process executes them itself, and what no other process has. */
  readonly engine?: RunEngine;
  /** Whether this process executes runs; default: yes. One that does not only accepts them and shows them. */
  readonly works?: boolean;
  /** Where absent, runs of blueprints are refused with `unsupported`. */
  readonly blueprints?: BlueprintRunner;
  /** Tells this process apart from all others that share the store; random where absent. Never used twice. */
  readonly owner?: string;
  /** Ids that sort by time; default: UUIDs of version 7. */
  readonly newId?: () => string;
  /** Bytes that nobody can guess, for ids of traces. */
  readonly random?: (bytes: number) => Uint8Array;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** How long a worker that says nothing keeps a run, in milliseconds; default 10,000. */
  readonly leaseMs?: number;
  /** How many workers may begin a run and not end it; default 3. A worker that shut down in order does not count. */
  readonly maxAttempts?: number;
  /** How many runs this process executes at once; default 64. */
  readonly concurrency?: number;
  readonly configuration?: RunConfiguration;
  /** Told of each event once it is stored; must not throw. */
  readonly observe?: (record: RunRecord, event: RunEvent) => void;
  /** Told where something could not be stored, and is tried again; must not throw. */
  readonly onTrouble?: (trouble: RunTrouble) => void;
};

/** The configuration that runs run under, for `config.snapshot.json`. */
export type RunConfiguration = {
  /** As it is now; the same object as long as nothing has changed. */
  readonly snapshot: () => JsonObject;
  /** An earlier one by its digest, where it was kept. */
  readonly find?: (digest: string) => Promise<JsonObject | undefined>;
  /** Cuts the operator's secrets out. */
  readonly hide?: (snapshot: JsonObject) => JsonObject;
};

/** A store that failed, or a run that could not be executed to its end here; others take it when its lease is over. */
export type RunTrouble = {
  /** Absent where it concerns no single run. */
  readonly ref?: RunRef;
  readonly what: 'append' | 'update' | 'read' | 'claim' | 'renew' | 'submit' | 'execute';
  readonly error: unknown;
  /** How often it has failed in a row. */
  readonly failures: number;
};

/** For whom a run is, and how it is told from its repeats. */
export type CreateOptions = {
  readonly tenant?: string;
  readonly idempotencyKey?: string;
  /** W3C trace context of whoever asks; what is none is left aside. */
  readonly traceparent?: string;
};

/** Which events are wanted. */
export type EventsQuery = {
  /** Absent: from the first. */
  readonly cursor?: string;
  /** 1 to 500; default 100. */
  readonly limit?: number;
  /** How long to wait where there are none yet, 0 to 60,000 milliseconds. */
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
};

/** Some events, as the JSON texts that were stored. */
export type EventsPage = {
  readonly lines: readonly string[];
  readonly nextCursor: string;
  /** The run has ended, and everything was read. */
  readonly complete: boolean;
};

/** How a run is repeated. */
export type ReplayOptions = {
  readonly input?: JsonObject;
  /** Host calls that were made before, with the same arguments, are answered from the record. */
  readonly recordedCalls?: boolean;
  /** Also where the pack or the agent has changed since. */
  readonly anyVersion?: boolean;
  readonly idempotencyKey?: string;
  readonly traceparent?: string;
};

/** A finished run as a case of a suite. */
export type RunCase = {
  readonly id: string;
  readonly agent?: string;
  readonly input: JsonObject;
  readonly expect: Json;
};

/** One file of a bundle. */
export type BundleFile = { readonly entry: ArtifactEntry; readonly body: AsyncIterable<Uint8Array> };

/** Durable runs. Every error is a PypesError; a run of another tenant is `not_found`, as one that never was. */
export interface Runs {
  /**
   * Accepts a run: when this answers, it is stored and will be executed. The same key with the same request gives the
   * same run.
   *
   * @throws PypesError `invalid_request`, `too_large`, `not_found`, `unknown_agent`, `unsupported`, `conflict` (the key
   * was used for another request), `unavailable`
   */
  create(request: Json, options?: CreateOptions): Promise<RunRecord>;
  get(ref: RunRef): Promise<RunRecord>;
  /** Newest first; `before` is the last id of the page before. */
  list(
    tenant: string,
    query?: {
      readonly status?: RunRecord['status'];
      readonly agent?: string;
      readonly limit?: number;
      readonly before?: string;
    },
  ): Promise<readonly RunRecord[]>;
  events(ref: RunRef, query?: EventsQuery): Promise<EventsPage>;
  /** Events as they come, after the cursor, until the last one. Reads a page when the one before was taken. */
  follow(
    ref: RunRef,
    cursor?: string,
    signal?: AbortSignal,
  ): AsyncIterable<{ readonly cursor: string; readonly line: string }>;
  /** Asks a run to end; one that has ended stays as it is. */
  cancel(ref: RunRef): Promise<RunRecord>;
  /** @throws PypesError `conflict` where it has not ended, or what it ran has changed */
  replay(ref: RunRef, options?: ReplayOptions): Promise<RunRecord>;
  /** The files of the bundle, sorted by path. */
  artifacts(ref: RunRef): Promise<readonly ArtifactEntry[]>;
  /** @throws PypesError `not_found` */
  artifact(ref: RunRef, path: string, range?: ByteRange): Promise<BundleFile>;
  /** The whole bundle as a zip. */
  bundle(ref: RunRef): Promise<AsyncIterable<Uint8Array>>;
  /** @throws PypesError `conflict` where it has not finished */
  toCase(ref: RunRef): Promise<RunCase>;
  /** Looks at once for runs that nobody has; this also happens by itself. */
  recover(): Promise<void>;
  /** How many runs this process has under way, and how many wait for a store that fails. */
  readonly active: number;
  readonly troubled: number;
  /**
   * Lets runs end for `graceMs`, then interrupts those that are left and gives them up, so that the next process goes on
   * with them at once. New ones are refused with `unavailable`.
   */
  close(graceMs?: number): Promise<void>;
}
