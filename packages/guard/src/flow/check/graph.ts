// The abstract graph that the checks work on: where values come from, where they go, and what stands between.
import type { JsonSchema, Label, Permissions } from '@pypes/contract';
import type { Mark } from '../lattice.ts';
import type { Edit, Finding, Where } from './finding.ts';

/** What a place does to the world (spec 4, labels of a manifest). */
export type Sends = 'network' | 'message' | 'write' | 'destructive';

export type NodeKind =
  | 'input'
  | 'output'
  | 'function'
  | 'step'
  | 'model'
  | 'memory'
  | 'objects'
  | 'state'
  | 'field'
  | 'sink';

/**
 * A place where values meet: whatever flows into it may flow out of it again. A function that is called from several
 * places by wire is one node; each workflow step is a node of its own, since its calls share nothing but stores.
 */
export type FlowNode = {
  readonly id: string;
  readonly kind: NodeKind;
  /** What a person reads. */
  readonly title: string;
  readonly where: Where;
  readonly component?: string;
  readonly function?: string;
  /** What begins here. */
  readonly labels?: readonly Label[];
  /** What happens here; sinks only. */
  readonly sends?: readonly Sends[];
};

/** How a value gets from one place to another. */
export type EdgeKind =
  | 'argument'
  | 'reply'
  | 'condition'
  | 'iteration'
  | 'output'
  | 'write'
  | 'read'
  | 'model'
  | 'exit';

/** One way of a value. */
export type FlowEdge = {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  readonly where: Where;
  /** A JSON pointer into the arguments that the value becomes a part of; absent: all of them. */
  readonly field?: string;
  /** The most that one passage carries; infinite where the type has no bound. */
  readonly bits: number;
  /** How often it is passed in one run at the most. */
  readonly uses: number;
  /** Marks that a declared release takes away here. */
  readonly releases: readonly Mark[];
  /** A person says yes to each passage. */
  readonly approved: boolean;
  /** A DLP policy looks at each passage. */
  readonly scanned: boolean;
  /** The value decides where something goes. */
  readonly destination: boolean;
};

/** What a place refuses, and who says so. */
export type Clearance = {
  readonly node: string;
  readonly refuses: (label: Label) => boolean;
  /** In words: `"private"`. */
  readonly what: string;
  readonly where: Where;
};

/** A pair that may not be connected. */
export type ForbiddenPair = {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly fromTitle: string;
  readonly toTitle: string;
  readonly flow: 'forward' | 'both' | 'unstated';
  readonly maxBits: number;
  readonly where: Where;
};

/** A declared declassification (`private`) or endorsement (`untrusted`). */
export type Release = {
  readonly mark: Mark;
  /** Indices of the edges that it stands on. */
  readonly edges: readonly number[];
  /** The most bits that pass it in one run, and how many were declared; infinite for all. */
  readonly carried: number;
  readonly bits: number;
  readonly title: string;
  readonly reason: string;
  /** Why the declared type is not that of the value. */
  readonly mismatch?: string;
  readonly where: Where;
};

/** One call, with what is known of its data. */
export type FlowCall = {
  readonly id: string;
  readonly title: string;
  readonly where: Where;
  /** Where the values of the call meet. */
  readonly node: string;
  readonly nodeTitle: string;
  /** What is given to it, and what it takes. */
  readonly sent?: JsonSchema;
  readonly taken?: JsonSchema;
  /** What it gives back, and what is expected of it. */
  readonly given?: JsonSchema;
  readonly expected?: JsonSchema;
  /** How often it happens in one run at the most. */
  readonly mostUses: number;
  /** The most bytes that either direction may have. */
  readonly maxBytes: number;
  readonly maxBytesWhere: Where;
  /** Whether the limit was written for this call, not for all. */
  readonly ownLimit: boolean;
};

/** A data-budget over calls. */
export type FlowBudget = {
  readonly title: string;
  readonly where: Where;
  readonly calls: readonly string[];
  /** Which way is measured. */
  readonly on: 'args' | 'reply' | 'both';
  /** For each way of a call. */
  readonly bytesPerCall?: number;
  /** For all ways that are measured together. */
  readonly bytesPerRun?: number;
  readonly callsPerRun?: number;
};

/** What a component asks for, was granted, and is narrowed to. */
export type FlowComponent = {
  readonly name: string;
  readonly where: Where;
  readonly used: boolean;
  /** Undefined: not known. */
  readonly asked?: Partial<Permissions>;
  readonly granted?: Partial<Permissions>;
  /** The grant of a person before this blueprint, where the blueprint has one of its own. */
  readonly grantedBefore?: Partial<Permissions>;
  readonly narrowed?: Partial<Permissions>;
  readonly grantWhere: Where;
  readonly narrowedWhere: Where;
  /** An edit that takes a permission out of the blueprint's own grants. */
  readonly revoke?: { readonly [permission: string]: Edit };
  /** Undefined: not known. */
  readonly imports?: readonly string[];
  readonly wires: readonly { readonly import: string; readonly where: Where; readonly remove?: Edit }[];
  /** By import: what could be wired there. */
  readonly candidates: { readonly [name: string]: readonly string[] };
};

/** Everything that the checks look at. */
export type FlowGraph = {
  readonly path: string;
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
  readonly components: readonly FlowComponent[];
  readonly calls: readonly FlowCall[];
  readonly budgets: readonly FlowBudget[];
  readonly clearances: readonly Clearance[];
  readonly forbidden: readonly ForbiddenPair[];
  readonly releases: readonly Release[];
  /** Bits of one run that may reach a place where they are refused. */
  readonly freeBits: { readonly [M in Mark]: number };
  /** What was found while the graph was made. */
  readonly found: readonly Finding[];
  /** The place behind the last character, where tables can be added. */
  readonly end: Where;
};
