// Where runs live: records, events and host calls of each, behind one interface with one shared suite (spec 5).
import type { RunRecord, RunStatus } from './record.ts';

/** Which run of whom. A run of another tenant does not exist. */
export type RunRef = { readonly tenant: string; readonly run_id: string };

/** `events` is what clients read; `calls` is what host calls answered, for takeovers and replays. */
export type RunStream = 'events' | 'calls';

/** Newest first. */
export type RunQuery = {
  readonly status?: RunStatus;
  readonly agent?: string;
  readonly limit: number;
  /** Only runs with a smaller id. */
  readonly before?: string;
};

/**
 * Runs with their streams. A line is one JSON text without a line break; lines of a stream are numbered from 1.
 * Everything that was answered survives the end of the process; what is called durable survives that of the machine.
 */
export interface RunStore {
  /** Adds a run, durably. Where the tenant has one with the same idempotency key, that one is given instead. */
  create(record: RunRecord): Promise<{ readonly record: RunRecord; readonly isNew: boolean }>;
  get(ref: RunRef): Promise<RunRecord | undefined>;
  list(tenant: string, query: RunQuery): Promise<readonly RunRecord[]>;
  /**
   * Replaces the record where it still has the version of `before` (`after.version` is one more), and appends `events`
   * to its events, all in one step; durable where the status changes. False, and nothing done, where somebody was faster.
   */
  update(before: RunRecord, after: RunRecord, events?: RunLines): Promise<boolean>;
  /** Appends where `attempt` still has the run and it has not ended, and `first` is the next number; else false. */
  append(ref: RunRef & { readonly attempt: number }, stream: RunStream, lines: RunLines): Promise<boolean>;
  /** Lines after number `after`, in order, at most `limit`. Empty where there are none (yet), or no such run. */
  read(ref: RunRef, stream: RunStream, after: number, limit: number): Promise<readonly string[]>;
  /** The number of the last line; 0 where there is none. */
  last(ref: RunRef, stream: RunStream): Promise<number>;
  /**
   * Calls back soon after a run was updated or got events, whoever wrote them; maybe once too often. With `added` it is
   * these events that came, stored and in order, and nothing else: whoever has all before them need not read. Stores may
   * always leave it out.
   */
  follow(ref: RunRef, onChange: (added?: RunLines) => void): () => void;
  /**
   * Gives runs that nobody has to `owner`, oldest first: queued ones, and running ones whose lease is over at `now`.
   * Each gets `owner`, `lease_until`, and status `running` with one attempt more; in one step, so that of two workers
   * one has it. `started_at` is set where it was not.
   */
  claim(owner: string, options: ClaimOptions): Promise<readonly RunRecord[]>;
  /** The same for one run, whoever has it; undefined where it has ended or is not there. */
  take(ref: RunRef, owner: string, options: Omit<ClaimOptions, 'limit'>): Promise<RunRecord | undefined>;
  /** Extends the leases of these runs where `owner` still has them. Lost: those it has no more. Does not change versions. */
  renew(owner: string, runs: readonly RunRef[], leaseUntil: number): Promise<RenewedLeases>;
  /**
   * Runs that an engine may have lost, oldest first: queued ones that were created before, and running ones whose lease
   * is over. Changes nothing. Absent where whoever accepts a run executes it.
   */
  stale?(options: StaleOptions): Promise<readonly RunRef[]>;
  /** Calls back soon after any run was created or asked to cancel by another process; absent where there is only one. */
  watch?(onChange: () => void): () => void;
  close(): Promise<void>;
}

/** `first` is the number of the first line. */
export type RunLines = { readonly first: number; readonly lines: readonly string[] };

/** Times in milliseconds since 1970. */
export type ClaimOptions = { readonly limit: number; readonly now: number; readonly leaseMs: number };

/** `queuedBefore` is ISO 8601, `now` milliseconds since 1970. */
export type StaleOptions = { readonly queuedBefore: string; readonly now: number; readonly limit: number };

export type RenewedLeases = {
  readonly lost: readonly string[];
  /** Those that somebody asked to cancel. */
  readonly canceled: readonly string[];
};
