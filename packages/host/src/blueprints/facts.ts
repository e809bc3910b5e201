// What is known of a component from outside the blueprint: looked up by the host, in the registry, a lockfile, a file.
import type { JsonSchema, Permissions } from '@pypes/contract';
import type { ComponentEntry, FlowLabels } from './blueprint.ts';

/** A function, or what a component expects of one. */
export type FunctionType = {
  /** Of its arguments, an object. */
  readonly parameters?: JsonSchema;
  readonly returns?: JsonSchema;
};

/** One function that a component offers. */
export type FunctionFacts = FunctionType & { readonly labels?: FlowLabels };

/** One component. What is left out is not known. */
export type ComponentFacts = {
  readonly functions: { readonly [name: string]: FunctionFacts };
  /** Labels for functions that have none of their own (`*` of a manifest). */
  readonly labels?: FlowLabels;
  /** What it calls: an import of its world, `context.call` of an agent. */
  readonly imports?: { readonly [name: string]: FunctionType };
  /** What its manifest asks for. */
  readonly asked?: Partial<Permissions>;
  /** What the person granted when it was installed (pypes.lock). */
  readonly granted?: Partial<Permissions>;
  /** It asks a model beside `context.ai`, or is one. */
  readonly model?: boolean;
  /** Its instances live from one call to the next and keep state. */
  readonly stateful?: boolean;
  /** It has nothing but its capabilities; by default skills have, files of the operator do not. */
  readonly sandboxed?: boolean;
  /** Components of one pack share its memory and objects; by default a component shares with none. */
  readonly pack?: string;
};

/** Looks a component up; undefined where there is none. */
export type BlueprintFacts = (entry: ComponentEntry) => ComponentFacts | undefined;
