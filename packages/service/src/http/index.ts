// The HTTP door: the wire contract over a host, on web-standard Request and Response.
export type { ServiceAuth } from './auth.ts';
export type { LogEntry } from './log.ts';
export { createService, type Service, type ServiceOptions } from './service.ts';
export type { BundleFile, EventLines, RunsAuth, RunsDoor, RunsOptions, StaticToken } from './v1/index.ts';
