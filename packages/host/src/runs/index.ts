// Durable runs in process: the library behind the run service.
export { createRuns } from './create-runs.ts';
export type { BlueprintRunner, BlueprintStart } from './execution/blueprint-runner.ts';
export type {
  BundleFile,
  CreateOptions,
  EventsPage,
  EventsQuery,
  ReplayOptions,
  RunCase,
  RunConfiguration,
  Runs,
  RunsOptions,
  RunTrouble,
} from './options.ts';
