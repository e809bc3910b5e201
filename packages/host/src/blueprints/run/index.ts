// Blueprints run: checked, composed on the host's one chain, executed step by step.
export type { Finding } from '../guard-check.ts';
export { digestOfValue, type StepEvent } from './engine/events.ts';
export { loadBlueprint } from './load-blueprint.ts';
export {
  type BlueprintResult,
  type BlueprintRun,
  checkBlueprint,
  refusing,
  runBlueprint,
} from './run-blueprint.ts';
export type { PolicyParts } from './within/edge-policies.ts';
