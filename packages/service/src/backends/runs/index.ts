// Durable runs on this machine, for commands and for the service.
export { createBlueprintRunner } from './blueprint-runner.ts';
export { type LocalRuns, openLocalRuns, readLocalRuns } from './local-runs.ts';
export { createNodeRuns } from './node-runs.ts';
