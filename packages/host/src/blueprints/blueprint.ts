// A blueprint as data: what agent.toml says, with the place of everything (spec 4).
import type { Json, JsonObject, JsonSchema, Permissions } from '@pypes/contract';
import type { Edit, Mark, Where } from './guard-check.ts';
import type { Template } from './template/ast.ts';
import type { At } from './toml/fields.ts';

/** What a function's declaration may say about the values it makes. */
export const READS = ['private', 'untrusted', 'public'] as const;
/** What a function's declaration may say about what it does with the values that it is given. */
export const SENDS = ['network', 'message', 'write', 'destructive', 'none'] as const;
export const MARKS = ['private', 'untrusted'] as const satisfies readonly Mark[];

/** Information flow of one function: as a manifest says, or a blueprint in addition. */
export type FlowLabels = {
  readonly reads?: readonly (typeof READS)[number][];
  readonly sends?: readonly (typeof SENDS)[number][];
  /** Arguments that decide where something goes. */
  readonly destinations?: readonly string[];
  /** Marks that it does not take. */
  readonly refuses?: readonly Mark[];
  /** By JSON pointer into what it gives: marks of that part alone. */
  readonly fields?: { readonly [pointer: string]: readonly (typeof READS)[number][] };
};

/** One component. */
export type ComponentEntry = {
  readonly name: string;
  readonly where: Where;
  readonly reference: { readonly path: string } | { readonly skill: string };
  /** At most these. */
  readonly permissions?: At<Partial<Permissions>>;
  /** By function, or `*`: added to what the component says itself. */
  readonly labels: { readonly [functionName: string]: FlowLabels };
  /** It is a language model, or asks one: all that flows into it may come out of it. */
  readonly model: boolean;
  /** It keeps state between calls beside its memory. */
  readonly stateful: boolean;
};

/** `"component.import" = "provider.function"`. */
export type Wire = {
  readonly component: string;
  readonly import: string;
  readonly provider: { readonly component: string; readonly function?: string };
  readonly middleware: readonly At<string>[];
  /** Arguments that the wire sets, whatever the caller gives. */
  readonly fixed: JsonObject;
  /** How often it may be used in one run. */
  readonly maxCalls?: At<number>;
  readonly where: Where;
  readonly providerWhere: Where;
  readonly remove?: Edit;
};

/** The arguments of a step: JSON with templates in it. */
export type InputValue = { readonly where: Where } & (
  | { readonly kind: 'template'; readonly template: Template }
  | { readonly kind: 'constant'; readonly value: Json }
  | { readonly kind: 'object'; readonly entries: ReadonlyMap<string, InputValue> }
  | { readonly kind: 'list'; readonly items: readonly InputValue[] }
);

/** `[[workflow.steps]]`. */
export type Step = {
  readonly id: string;
  readonly component: string;
  /** May be left out for a component of one function. */
  readonly function?: string;
  readonly input: InputValue;
  readonly when?: Template;
  readonly foreach?: Template;
  /** The most items that foreach goes through. */
  readonly maxItems?: number;
  readonly onError:
    | { readonly kind: 'stop' }
    | { readonly kind: 'continue' }
    | { readonly kind: 'value'; readonly value: Json };
  readonly retries: number;
  readonly middleware: readonly At<string>[];
  /** Steps that have to end first although no data comes from them. */
  readonly after: readonly string[];
  readonly where: Where;
  readonly componentWhere: Where;
  readonly functionWhere: Where;
};

/** `[[policy]]`; `settings` are the keys beside use, name, from and to, as JSON. */
export type PolicyEntry = {
  readonly use: string;
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly settings: JsonObject;
  readonly where: Where;
};

/** `[[forbid]]`. */
export type ForbidEntry = {
  readonly from: string;
  readonly to: string;
  readonly flow: 'forward' | 'both' | 'unstated';
  readonly maxBits: number;
  readonly where: Where;
};

/** Where a release stands. */
export type ReleasePlace =
  | { readonly kind: 'input'; readonly step: string; readonly field: string }
  | { readonly kind: 'when' | 'foreach'; readonly step: string }
  | { readonly kind: 'arguments' | 'reply'; readonly component: string; readonly import: string };

/** `[[declassify]]` (private) or `[[endorse]]` (untrusted). */
export type ReleaseEntry = {
  readonly mark: Mark;
  readonly place: ReleasePlace;
  readonly text: string;
  /** What the value has to be; checked when it passes. */
  readonly type?: JsonSchema;
  /** In one run; infinite for "all". */
  readonly bits: number;
  readonly reason: string;
  readonly where: Where;
};

/** A checked blueprint. */
export type Blueprint = {
  readonly path: string;
  readonly name: string;
  readonly version?: string;
  readonly goal?: string;
  /** As they were written. */
  readonly skills: readonly string[];
  readonly components: ReadonlyMap<string, ComponentEntry>;
  readonly wires: readonly Wire[];
  readonly steps: readonly Step[];
  readonly input: { readonly schema?: JsonSchema; readonly labels: readonly Mark[]; readonly where: Where };
  /** What a run gives back; the output of the last step where nothing is said. */
  readonly output?: { readonly value: InputValue; readonly refuses: readonly Mark[]; readonly where: Where };
  readonly maxPayload: {
    readonly default: At<number>;
    /** By step id, or by `component.import` of a wire. */
    readonly edges: ReadonlyMap<string, At<number>>;
  };
  readonly policies: readonly PolicyEntry[];
  readonly forbidden: readonly ForbidEntry[];
  readonly releases: readonly ReleaseEntry[];
  readonly grants: ReadonlyMap<
    string,
    {
      readonly permissions: Partial<Permissions>;
      readonly where: Where;
      readonly revoke: { readonly [permission: string]: Edit };
    }
  >;
  /** Bits of one run that may get where they are refused. */
  readonly freeBits: { readonly private: number; readonly untrusted: number };
  readonly end: Where;
};
