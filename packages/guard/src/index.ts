// The guard: one chain of policies that every call passes. Pure, and usable without the host.

export { type ApprovalDesk, type Ask, createAsk, type Question } from './approvals/ask.ts';
export { decideApproval, isExpired, type PersonsDecision } from './approvals/decide.ts';
export { type AuditCrypto, type AuditFault, type AuditReport, verifyAudit } from './audit/verify.ts';
export { compose } from './compose.ts';
export { type PolicyReading, type PolicySet, type PolicySetServices, readPolicies } from './config/policies.ts';
export { type AuditRecord, type AuditSink, audit } from './policies/audit.ts';
export { type DataBudgetOptions, dataBudget } from './policies/data-budget.ts';
export { type AgentChecks, type SchemaOptions, schema } from './policies/schema.ts';
export { createSwitch, type PolicySwitch } from './switch.ts';
export { Trail } from './trail.ts';
