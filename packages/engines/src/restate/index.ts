// Restate as the queue of runs: it finds a worker for each, and another one when that dies.
export { createRestateEngine } from './engine.ts';
export type { RestateEngineOptions, RestateWorkerOptions } from './options.ts';
