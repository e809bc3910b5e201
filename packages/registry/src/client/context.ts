// What a client of a registry is made with.
import type { Fetch } from '../http/download.ts';
import { MOST_ARCHIVE_BYTES } from '../manifest/archive.ts';

/** Bounds of everything that a registry can make a client do. */
export type ClientLimits = {
  readonly rootBytes: number;
  readonly timestampBytes: number;
  readonly snapshotBytes: number;
  readonly targetsBytes: number;
  readonly skillBytes: number;
  /** How many new roots one refresh follows. */
  readonly rootRotations: number;
  /** How many roles one walk visits. */
  readonly delegations: number;
  readonly idleMs: number;
  readonly totalMs: number;
};

export const DEFAULT_CLIENT_LIMITS: ClientLimits = {
  rootBytes: 512_000,
  timestampBytes: 16_384,
  snapshotBytes: 2_000_000,
  targetsBytes: 5_000_000,
  skillBytes: MOST_ARCHIVE_BYTES,
  rootRotations: 256,
  delegations: 256,
  idleMs: 10_000,
  totalMs: 300_000,
};

/** A registry, as one client knows it. */
export type Context = {
  /** With a slash at its end. */
  readonly url: string;
  /** Metadata and lock of this registry and trust root. */
  readonly folder: string;
  /** Archives by digest, of all registries. */
  readonly artifacts: string;
  readonly trustedRoot: Buffer;
  readonly fetch: Fetch;
  readonly now: () => number;
  readonly limits: ClientLimits;
};
