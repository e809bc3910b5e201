/** A dialect of a domain: extra bindings, and the host functions that its programs expect. */
import type { Value } from '../values/value.ts';

/** A named set of bindings (spec 3, "profiles"). */
export type Profile = {
  readonly name: string;
  /** One sentence for people. */
  readonly doc: string;
  /** Bindings that replace or add to the builtins. */
  readonly bindings: ReadonlyMap<string, Value>;
  /** Host functions by name, each with its signature and one line; calling one that is absent names the grant. */
  readonly hostFunctions: ReadonlyMap<string, { readonly signature: string; readonly doc: string }>;
  /** Whether `_` in the first argument of map, filter and reduce makes it a lambda. */
  readonly placeholders: boolean;
};
