// The edge on a machine of one's own: workerd, started and watched.
export { createLogger } from '../logger.ts';
export { COMPATIBILITY_DATE } from '../workers/compatibility-date.ts';
export { toEdgeConfig, WORKER_FILES } from './config.ts';
export { unpackWorker } from './packed-worker.ts';
export { type EdgeOptions, startEdge } from './start-edge.ts';
export type { WatchedEdge } from './watch.ts';
