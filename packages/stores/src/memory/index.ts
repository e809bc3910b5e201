// Stores that live as long as the process: for tests, examples and hosts that keep nothing.
export { createMemoryApprovalStore } from './approvals.ts';
export { createMemoryArtifactStore } from './artifacts.ts';
export { createMemoryGrantStore } from './grants.ts';
export { createMemoryMemoryStore } from './memory.ts';
export { createMemoryObjectStore } from './objects.ts';
export { createMemoryPackStore } from './packs.ts';
export { createMemoryRunStore } from './runs.ts';
export { createMemorySecretStore } from './secrets.ts';
