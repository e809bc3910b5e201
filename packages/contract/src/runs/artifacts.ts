// Files of runs: what a run put in the object store, and what was made of it afterwards (spec 5, bundle).
import type { RunRef } from './store.ts';

/** One file of a run's bundle. */
export type ArtifactEntry = {
  /** Below the bundle, with `/`. */
  readonly path: string;
  readonly bytes: number;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest: string;
  readonly media_type: string;
};

/** Bytes of one file, from `start` (included) to `end` (excluded). */
export type ByteRange = { readonly start: number; readonly end: number };

export interface ArtifactStore {
  /** Replaces the file where there is one; durable. */
  put(ref: RunRef, path: string, file: { readonly bytes: Uint8Array; readonly mediaType: string }): Promise<void>;
  /** The file, or a part of it; undefined where there is none. */
  get(
    ref: RunRef,
    path: string,
    range?: ByteRange,
  ): Promise<{ readonly entry: ArtifactEntry; readonly bytes: Uint8Array } | undefined>;
  /** Sorted by path. */
  list(ref: RunRef): Promise<readonly ArtifactEntry[]>;
  close(): Promise<void>;
}
