// The guard: one chain of policies that every call passes. Pure, and usable without the host.
export { compose } from './compose.ts';
export { type AuditRecord, type AuditSink, audit } from './policies/audit.ts';
export { type DataBudgetOptions, dataBudget } from './policies/data-budget.ts';
export { type AgentChecks, type SchemaOptions, schema } from './policies/schema.ts';
