// Stores on a disk: packs, memory, objects, secrets and grants below one root, and operators' folders of agent files.

export { appendLines } from './append.ts';
export { createFilesystemApprovalStore } from './approvals.ts';
export { type AuditFiles, type AuditLogOptions, createFilesystemAuditLog, listAuditFiles } from './audit/index.ts';
export { createAgentFolder } from './folder.ts';
export { createFilesystemGrantStore } from './grants.ts';
export { readLines } from './lines.ts';
export { withLock } from './lock.ts';
export { createFilesystemMemoryStore } from './memory.ts';
export { createFilesystemObjectStore } from './objects.ts';
export { createFilesystemPackStore } from './packs.ts';
export {
  createFilesystemRecordings,
  listRecordings,
  type RecordingOptions,
  type Recordings,
  readRecordingLines,
} from './recordings/index.ts';
export {
  createFilesystemArtifactStore,
  createFilesystemRunStore,
  listRunJournals,
  openRunReader,
  type RunJournal,
  type RunReader,
  type RunStoreOptions,
  type RunStoreProblem,
} from './runs/index.ts';
export { createFilesystemSecretStore, type SecretStoreOptions } from './secrets.ts';
export { createVaultUsageLog, readVaultUsage, type VaultUsage, type VaultUsageLog } from './vault-usage.ts';
