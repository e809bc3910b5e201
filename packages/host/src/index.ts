// The library: discovery, catalog, calls, packs and memory, without a web framework.
export type { AgentEntry } from './agents/agent-entry.ts';
export type { Catalog, CatalogView } from './agents/catalog.ts';
export { checkGraph, FINDING_CODES, type Finding } from './blueprints/guard-check.ts';
export {
  type Blueprint,
  type BlueprintFacts,
  type BlueprintOptions,
  type BlueprintReading,
  type ComponentEntry,
  type ComponentFacts,
  type Expression,
  effectivePermissions,
  evaluateCondition,
  evaluateTemplate,
  type FlowLabels,
  type ForbidEntry,
  type FunctionFacts,
  type FunctionType,
  type InputValue,
  labelsOf,
  matchesParty,
  type PolicyEntry,
  type Problem,
  parseBlueprint,
  parseTemplate,
  problemText,
  type ReleaseEntry,
  readBlueprint,
  type Scope,
  type Step,
  stepsBefore,
  type Template,
  TemplateError,
  toGraph,
  toJsonReport,
  toSarif,
  toSvg,
  toText,
  type Wire,
} from './blueprints/index.ts';
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
