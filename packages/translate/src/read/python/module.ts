// What a Python file has at its top.
import type { Signature } from './scope.ts';

export type Module = {
  readonly functions: ReadonlyMap<string, Signature>;
  /** Constants of the module; those that can change in place may only be read. */
  readonly globals: ReadonlyMap<string, 'scalar' | 'mutable'>;
  /** `math`, `json`, and names imported from them. */
  readonly imports: ReadonlyMap<string, string>;
  readonly minor: number;
};
