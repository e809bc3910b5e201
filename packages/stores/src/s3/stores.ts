// Packs and memory in a bucket, for any number of processes (spec 2, back end B).
import type { MemoryStore } from '@pypes/contract';
import { type BlobMemoryOptions, createBlobMemoryStore } from '../blob-memory.ts';
import { type BlobPackOptions, createBlobPackStore, type SharedPackStore } from '../blob-packs.ts';
import { createS3Blobs } from './blobs.ts';
import { connect, type S3Options } from './connect.ts';

/** Stores that share one client. */
export interface S3Stores {
  readonly packs: SharedPackStore;
  readonly memory: MemoryStore;
  close(): void;
}

/**
 * The stores of a bucket, which has to be there, on a server with conditional writes (AWS has them since 2024).
 * Nothing is asked before it is needed; the first write finds out whether the server heeds conditions.
 *
 * @example
 * const { packs, memory } = createS3Stores({ region: 'eu-central-1', bucket: 'pypes', prefix: 'prod/' });
 */
export function createS3Stores(options: S3Options & BlobPackOptions & BlobMemoryOptions): S3Stores {
  const client = connect(options);
  const blobs = createS3Blobs(client, options);
  return {
    packs: createBlobPackStore(blobs, options),
    memory: createBlobMemoryStore(blobs, options),
    close: () => client.destroy(),
  };
}
