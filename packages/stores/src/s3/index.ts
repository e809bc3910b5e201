// Files of runs in a bucket of S3, or of whatever speaks its protocol.
export { createS3ArtifactStore, type S3ArtifactStoreOptions } from './artifacts.ts';
