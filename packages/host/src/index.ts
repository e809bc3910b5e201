// The library: discovery, catalog, calls, packs and memory, without a web framework.
export type { AgentEntry } from './agents/agent-entry.ts';
export type { Catalog, CatalogView } from './agents/catalog.ts';
export type { CallRequest } from './calls/caller.ts';
export type { CallEvent } from './calls/events.ts';
export type { CapabilityDrivers, VaultUse } from './capabilities/capabilities.ts';
export type { PackPermissions } from './capabilities/permissions-of.ts';
export { createHost, type Host, type HostOptions } from './host.ts';
export type { Pack } from './packs/pack.ts';
export type { DeployOptions, DeployResult } from './packs/registry.ts';
