// The guard: one chain of policies that every call passes. Pure, and usable without the host.

export { type ApprovalDesk, type Ask, createAsk, type Question } from './approvals/ask.ts';
export { decideApproval, isExpired, type PersonsDecision } from './approvals/decide.ts';
export { type AuditCrypto, type AuditFault, type AuditReport, verifyAudit } from './audit/verify.ts';
export { compose } from './compose.ts';
export {
  checkPolicies,
  type PolicyReading,
  type PolicySet,
  type PolicySetServices,
  readPolicies,
} from './config/policies.ts';
export type { Finding as DlpFinding, Span } from './dlp/finding.ts';
export { redact } from './dlp/redact.ts';
export { createScanner, DETECTABLE, type Scanner, type ScannerOptions } from './dlp/scanner.ts';
export { CAPABILITY_LABELS } from './flow/capability-labels.ts';
export {
  accepts,
  allows,
  BLIND_SPOTS,
  beginEffort,
  bitsOf,
  type Clearance,
  checkGraph,
  deeper,
  type Edit,
  type Effort,
  excessOf,
  FINDING_CODES,
  type Finding,
  type FindingCode,
  type FlowBudget,
  type FlowCall,
  type FlowComponent,
  type FlowEdge,
  type FlowGraph,
  type FlowNode,
  type ForbiddenPair,
  flowLabels,
  inWords,
  isOlderDraft,
  isSubsumed,
  isTooMuch,
  type PathStep,
  partOf,
  pathText,
  type Release,
  type Repair,
  resolved,
  type Sends,
  type Severity,
  sizeOf,
  toFinding,
  toWithin,
  typesOf,
  type Where,
  type Within,
} from './flow/check/index.ts';
export { type Context, type Contexts, createContexts } from './flow/contexts.ts';
export { type DeclaredFlow, parseDeclaredFlow } from './flow/declared.ts';
export { labelsOfError, markError } from './flow/error-labels.ts';
export { labelsOf, type ManifestLabels, parseManifestLabels, type ToolLabels } from './flow/labels.ts';
export type { Mark } from './flow/lattice.ts';
export { allLabels, type FieldLabels, joinLabels, type Labels, NO_LABELS } from './flow/lattice.ts';
export {
  fromStoredLabels,
  LABELS_KEY,
  labelsOfDocument,
  labelsOfKey,
  toStoredLabels,
  withKeyLabels,
} from './flow/stored.ts';
export { type AuditRecord, type AuditSink, audit } from './policies/audit.ts';
export { type DataBudgetOptions, dataBudget } from './policies/data-budget.ts';
export { type DlpOptions, type DlpServices, dlp } from './policies/dlp.ts';
export { type CalleeLabels, carryLabels, type FlowQuestion, type LabelsOptions, labels } from './policies/labels.ts';
export { type LabelsConfig, parseLabelsConfig } from './policies/labels-config.ts';
export { type AgentChecks, type SchemaOptions, schema } from './policies/schema.ts';
export { CHANGES, type Change } from './replay/change.ts';
export {
  isLoss,
  parseRecordingLine,
  type RecordedCall,
  type RecordedLoss,
  type RecordedRun,
  toRecordingLines,
} from './replay/recorded-call.ts';
export { type ReplayResult, type ReplayServices, replayCalls } from './replay/replay.ts';
export { type Difference, type ReplaySummary, summarizeReplay } from './replay/summary.ts';
export { createTap, type Tap, type TapOptions } from './replay/tap.ts';
export type { AboutCall } from './replay/to-record.ts';
export type { Verdict } from './replay/verdict.ts';
export { createSwitch, type PolicySwitch } from './switch.ts';
export { Trail } from './trail.ts';
