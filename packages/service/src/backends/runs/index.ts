// Durable runs on this machine, for commands and for the service.
export { type LocalRuns, openLocalRuns, readLocalRuns } from './local-runs.ts';
