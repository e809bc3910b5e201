// Blueprints on this machine: their components, and their runs.
export type { ReadAgent } from './describe-files.ts';
export { createLocalPacks, type LocalPacks } from './local-packs.ts';
export { type OpenedBlueprint, openBlueprint } from './open-blueprint.ts';
export {
  type Absent,
  type ComponentPlaces,
  type OpenedComponent,
  type OpenedComponents,
  openComponents,
} from './open-components.ts';
export { type RunOutcome, type StartRun, startRun } from './start-run.ts';
