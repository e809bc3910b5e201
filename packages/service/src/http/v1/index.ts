// The `/v1` doors: runs, events, bundles, evaluations.
export type { RunsAuth, StaticToken } from './auth/tokens.ts';
export type { BundleFile, EventLines, RunsDoor, RunsOptions } from './door.ts';
export { isRunsPath } from './router.ts';
export { createRunsService } from './service.ts';
