// The audit log of a machine: chained, signed, never dropped while the process lives, whole after it was killed.
export { type AuditLogOptions, createFilesystemAuditLog } from './audit-log.ts';
export { type AuditFiles, listAuditFiles } from './folder.ts';
