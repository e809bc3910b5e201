// The small ABI of core modules as data: what a module has to export, and what it may import (docs/guide/wasm-modules.md).

/** The parameters and results of a function, by the names of WebAssembly's own types. */
export type FunctionType = { readonly params: readonly string[]; readonly results: readonly string[] };

/** Where the metadata lies: an exported global, or a custom section of this name. */
export const AGENT_EXPORT = 'AGENT';
export const AGENT_SECTION = 'pypes:agent';
export const MEMORY_EXPORT = 'memory';
export const RESET_EXPORT = 'reset';

export const REQUIRED_FUNCTIONS: { readonly [name: string]: FunctionType } = {
  alloc: { params: ['i32'], results: ['i32'] },
  run: { params: ['i32', 'i32'], results: ['i64'] },
};
export const OPTIONAL_FUNCTIONS: { readonly [name: string]: FunctionType } = {
  /** Called first: how linkers name what sets up a library. */
  _initialize: { params: [], results: [] },
  /** Called after each call, by a module that can then serve its user again. */
  [RESET_EXPORT]: { params: [], results: [] },
};

/** The module that everything is imported from. */
export const IMPORT_MODULE = 'pypes';
export const IMPORTS: { readonly [name: string]: FunctionType } = {
  log: { params: ['i32', 'i32', 'i32'], results: [] },
  progress: { params: ['f64', 'i32', 'i32'], results: [] },
  use: { params: ['i32', 'i32', 'i32', 'i32'], results: ['i64'] },
  now: { params: [], results: ['f64'] },
  random: { params: ['i32', 'i32'], results: [] },
};
/** A module that imports it waits: its calls are suspended until the host has answered. */
export const WAITING_IMPORT = 'use';

/** `(i32, i32) -> i64` */
export function formatType({ params, results }: FunctionType): string {
  const result = results.length === 1 ? (results[0] as string) : `(${results.join(', ')})`;
  return `(${params.join(', ')}) -> ${result}`;
}

export function isSameType(left: FunctionType, right: FunctionType): boolean {
  return formatType(left) === formatType(right);
}
