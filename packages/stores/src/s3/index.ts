// What lies in a bucket of S3, or of whatever speaks its protocol: files of runs, packs, memory.
export { createS3ArtifactStore, type S3ArtifactStoreOptions } from './artifacts.ts';
export type { S3Options } from './connect.ts';
export { createS3Stores, type S3Stores } from './stores.ts';
