// The static checks over an abstract graph (spec 4, pypes check).
export { BLIND_SPOTS, checkGraph, flowLabels } from './check-graph.ts';
export {
  type Edit,
  FINDING_CODES,
  type Finding,
  type FindingCode,
  type PathStep,
  type Repair,
  type Severity,
  toFinding,
  type Where,
} from './finding.ts';
export type {
  Clearance,
  FlowBudget,
  FlowCall,
  FlowComponent,
  FlowEdge,
  FlowGraph,
  FlowNode,
  ForbiddenPair,
  Release,
  Sends,
} from './graph.ts';
export { allows, excessOf } from './permissions.ts';
export { pathText } from './reach/walk.ts';
export { accepts } from './types/accepts.ts';
export { bitsOf } from './types/bits.ts';
export {
  beginEffort,
  deeper,
  type Effort,
  isOlderDraft,
  isTooMuch,
  partOf,
  resolved,
  toWithin,
  typesOf,
  type Within,
} from './types/schema.ts';
export { sizeOf } from './types/size.ts';
export { inWords, isSubsumed } from './types/subsume.ts';
