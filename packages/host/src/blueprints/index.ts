// Blueprints: parsed with places, resolved to a graph, checked, and shown.
export type {
  Blueprint,
  ComponentEntry,
  FlowLabels,
  ForbidEntry,
  InputValue,
  PolicyEntry,
  ReleaseEntry,
  Step,
  Wire,
} from './blueprint.ts';
export type { BlueprintFacts, ComponentFacts, FunctionFacts, FunctionType } from './facts.ts';
export { effectivePermissions, labelsOf } from './graph/components.ts';
export { matchesParty } from './graph/coverage.ts';
export { toGraph } from './graph/to-graph.ts';
export { toJsonReport } from './output/to-json.ts';
export { toSarif } from './output/to-sarif.ts';
export { toSvg } from './output/to-svg.ts';
export { toText } from './output/to-text.ts';
export { stepsBefore } from './parse/references.ts';
export {
  type BlueprintOptions,
  type BlueprintReading,
  parseBlueprint,
  problemText,
  readBlueprint,
} from './parse-blueprint.ts';
export type { Expression, Template } from './template/ast.ts';
export { evaluateCondition, evaluateTemplate, type Scope } from './template/evaluate-template.ts';
export { parseTemplate } from './template/parse-template.ts';
export { TemplateError } from './template/tokens.ts';
export type { Problem } from './toml/located.ts';
