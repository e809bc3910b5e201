// What crosses a boundary: types, JSON Schemas, the error table, the wire routes, a typed client. No I/O of its own.
export {
  AGENT_SCHEMA,
  type AgentContext,
  type AgentExample,
  type AgentMemory,
  type AgentMetadata,
  type LogLevel,
  type MemoryCheckout,
} from './agent.ts';
export type { Approval, ApprovalState, ApprovalStore } from './approval.ts';
export {
  AUDIT_FORMAT,
  type AuditHeader,
  type AuditLine,
  type AuditLog,
  type AuditSeal,
  type AuditSignature,
  toSignedText,
} from './audit-chain.ts';
export { toBundleForm, toBundleText } from './bundle-form.ts';
export { canonicalJson } from './canonical-json.ts';
export {
  type AiCaller,
  type AiGateway,
  CAPABILITY_OPERATIONS,
  type CapabilityOperation,
  type Egress,
  type EgressOptions,
  type EgressRequest,
  type EgressResponse,
  type ObjectInfo,
  type ObjectStore,
  type SealedSecret,
  type SecretStore,
  type SessionProvider,
  type Vault,
  type WorkingSession,
} from './capabilities.ts';
export { type CallOptions, type Client, type ClientOptions, createClient } from './client.ts';
export {
  ERRORS,
  type ErrorClass,
  type ErrorCode,
  httpStatus,
  isPypesError,
  PypesError,
  toPypesError,
} from './errors.ts';
export type {
  Call,
  Decision,
  DecisionNote,
  DecisionTrail,
  Label,
  Next,
  Policy,
  Reply,
} from './guard.ts';
export { toGuid } from './guid.ts';
export { isJsonObject, type Json, type JsonObject, type JsonSchema } from './json.ts';
export { fitsJsonSize, isTooDeep, jsonSize, MOST_JSON_DEPTH } from './json-size.ts';
export { DEFAULT_LIMITS, type Limits } from './limits.ts';
export { parseAgentMetadata } from './metadata.ts';
export { isToolSafe, toToolAliases } from './names.ts';
export { findNetworkRule, type NetworkRule, type NetworkTarget, parseNetworkRule } from './network-rule.ts';
export {
  type BundleAgent,
  PACK_SCHEMA,
  PACK_SCHEMA_ID,
  type PackBundle,
  type PackManifest,
  type SkippedFile,
  SWARM_SCHEMA_ID,
} from './pack.ts';
export {
  type Grant,
  MEMORY_ACCESS,
  OBJECT_ACCESS,
  PERMISSION_NAMES,
  type Permissions,
  parsePermissions,
  SANDBOX_PERMISSIONS,
  SESSION_PARTS,
  TRUSTED_PERMISSIONS,
  withGrant,
} from './permissions.ts';
export { SWARM_BASE, WIRE_BASE, WIRE_ROUTES, type WireRoute, type WireRouteId, wirePath } from './routes.ts';
export type { ImportNeed, LoadedAgent, Runtime, RuntimeCapabilities, SourceFile } from './runtime.ts';
export type {
  AgentFolder,
  FolderEntry,
  GrantStore,
  MemoryScope,
  MemoryStore,
  PackStore,
  StoredFile,
  StoredPack,
} from './stores.ts';
export { tenantPart, toTenant } from './tenant.ts';
export type { SchemaCheck, SchemaCompiler, Violation } from './validation.ts';
export type {
  CallAnswer,
  CallBody,
  DeployAnswer,
  ErrorAnswer,
  HostHealth,
  PackHealth,
  PackSummary,
  PackTrust,
  QuarantinedFile,
  RemoveAnswer,
  ShadowedAgent,
} from './wire.ts';
