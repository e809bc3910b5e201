// The library: discovery, catalog, calls, packs and memory, without a web framework.
export type { AgentEntry } from './agents/agent-entry.ts';
export type { Catalog, CatalogView } from './agents/catalog.ts';
export type { CallRequest } from './calls/caller.ts';
export type { CallEvent } from './calls/events.ts';
export type { HostRecording } from './calls/record-around.ts';
export { type AiDoor, noModels } from './capabilities/ai-door.ts';
export type { CapabilityDrivers, VaultUse } from './capabilities/capabilities.ts';
export type { PackPermissions } from './capabilities/permissions-of.ts';
export { createVaultKey, parseKeyMaterial, type VaultKey } from './capabilities/vault/key.ts';
export { SECRET_TYPES, type SecretType } from './capabilities/vault/secret-rules.ts';
export {
  createVault,
  type OperatorVault,
  type SecretInfo,
  type VaultKeys,
  type VaultOptions,
} from './capabilities/vault/vault.ts';
export { createHost, type Host, type HostFlow, type HostOptions } from './host.ts';
export { contentDigest } from './packs/content-digest.ts';
export type { Pack } from './packs/pack.ts';
export type { DeployOptions, DeployResult } from './packs/registry.ts';
export { parsePolicyFile } from './policies/parse-policy-file.ts';
