/** All builtins by name, and their reference as data. */
import type { Builtin } from '../values/procedure.ts';
import { higherOrderBuiltins } from './higher-order.ts';
import { jsonBuiltins } from './json.ts';
import { listBuiltins } from './lists.ts';
import { mapBuiltins } from './maps.ts';
import { miscBuiltins } from './misc.ts';
import { arithmeticBuiltins } from './numbers.ts';
import { outputBuiltins } from './output.ts';
import { predicateBuiltins } from './predicates.ts';
import { sortBuiltins } from './sort.ts';
import { stringBuiltins } from './strings.ts';

const families = [
  arithmeticBuiltins,
  predicateBuiltins,
  listBuiltins,
  higherOrderBuiltins,
  sortBuiltins,
  mapBuiltins,
  stringBuiltins,
  outputBuiltins,
  jsonBuiltins,
  miscBuiltins,
];

export const builtins: ReadonlyMap<string, Builtin> = new Map(
  families.flat().map((builtin) => [builtin.name, builtin]),
);

/** One entry of the reference. */
export type BuiltinEntry = {
  readonly name: string;
  readonly signature: string;
  readonly doc: string;
  readonly family: string;
};

/**
 * Every builtin with its signature and one line, in the order of the families; references are generated from it.
 *
 * @example builtinReference().find((entry) => entry.name === 'nth')?.signature // "(nth list index [default])"
 */
export const builtinReference = (): BuiltinEntry[] =>
  families.flat().map(({ name, signature, doc, family }) => ({ name, signature, doc, family }));
