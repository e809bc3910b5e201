// Packs and memory in a container of Azure Blob Storage, for any number of processes (spec 2, back end B).
import { ContainerClient, type StoragePipelineOptions } from '@azure/storage-blob';
import { type MemoryStore, PypesError } from '@pypes/contract';
import { type BlobMemoryOptions, createBlobMemoryStore } from '../blob-memory.ts';
import { type BlobPackOptions, createBlobPackStore, type SharedPackStore } from '../blob-packs.ts';
import { createAzureBlobs } from './blobs.ts';
import { createManagedIdentity } from './managed-identity.ts';

/** Which container, and who asks. */
export type AzureBlobOptions = {
  /** What all blobs' names begin with: `pypes/`. Empty unless it is said. */
  readonly prefix?: string;
} & (
  | { readonly connectionString: string; readonly container: string }
  /** `https://account.blob.core.windows.net/container`: with a signature in it, or asked as the identity of the machine. */
  | { readonly url: string }
);

export interface AzureBlobStores {
  readonly packs: SharedPackStore;
  readonly memory: MemoryStore;
}

const TRY_MS = 30_000;
const PIPELINE: StoragePipelineOptions = { retryOptions: { maxTries: 4, retryDelayInMs: 200, tryTimeoutInMs: TRY_MS } };

/**
 * The stores of a container, which has to be there. Nothing is asked before it is needed.
 *
 * @throws PypesError `invalid_request` where the connection string or the URL is none
 * @example
 * const { packs, memory } = createAzureBlobStores({ connectionString, container: 'pypes' });
 */
export function createAzureBlobStores(
  options: AzureBlobOptions & BlobPackOptions & BlobMemoryOptions,
): AzureBlobStores {
  const blobs = createAzureBlobs(connect(options), options.prefix ?? '');
  return { packs: createBlobPackStore(blobs, options), memory: createBlobMemoryStore(blobs, options) };
}

function connect(options: AzureBlobOptions): ContainerClient {
  try {
    if ('connectionString' in options)
      return new ContainerClient(options.connectionString, options.container, PIPELINE);
    const isSigned = new URL(options.url).searchParams.has('sig');
    if (isSigned) return new ContainerClient(options.url, undefined, PIPELINE);
    return new ContainerClient(options.url, createManagedIdentity({ env: process.env, fetch }), PIPELINE);
  } catch {
    // Whatever the SDK says of it may hold the key.
    const what = 'connectionString' in options ? 'connection string' : 'URL of a container';
    throw new PypesError('invalid_request', `The ${what} cannot be read; copy it from the storage account once more`);
  }
}
