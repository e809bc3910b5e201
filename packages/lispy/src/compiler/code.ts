/** The code of one procedure: its parameters, its analysed body, and the instructions made from it on the first call. */
import type { Instruction, Operand } from '../machine/instruction.ts';
import { emit } from './emit.ts';
import type { Node } from './node.ts';
import type { LambdaScope, Variable } from './scope.ts';
import type { Spot } from './spot.ts';

/** Names of builtins that mean something else here, so that calls to them are not fused. */
export type Redefinitions = ReadonlySet<string>;

/** Instructions ready to run. */
export type Executable = {
  readonly instructions: Instruction[];
  readonly frame: number;
  /** The whole body as one expression where it calls no procedure. */
  readonly leaf: Operand | undefined;
  /** The whole body in native form; taken away where it turns out to need the machine's loop. */
  direct: Operand | undefined;
  /** How many native frames the native form may take. */
  readonly nesting: number;
};

/** A procedure's code, shared by all its closures and by all instances of its program. */
export class Code {
  readonly name: string;
  readonly parameters: readonly Variable[];
  readonly rest: boolean;
  readonly scope: LambdaScope;
  readonly spot: Spot;
  body: Node;
  /** Number of arguments where it is fixed, else -1. */
  readonly exact: number;
  readonly doc: string | undefined;
  /** The instructions for instances without redefinitions of their own, once made. */
  main: Executable | undefined;
  #variants: WeakMap<Redefinitions, Executable> | undefined;
  readonly #redefined: Redefinitions;

  constructor(
    name: string,
    parameters: readonly Variable[],
    rest: boolean,
    scope: LambdaScope,
    body: Node,
    spot: Spot,
    redefined: Redefinitions,
    doc?: string,
  ) {
    this.name = name;
    this.parameters = parameters;
    this.rest = rest;
    this.scope = scope;
    this.body = body;
    this.spot = spot;
    this.exact = rest ? -1 : parameters.length;
    this.doc = doc;
    this.#redefined = redefined;
  }

  get signature(): string {
    const names = this.parameters.map((variable) => variable.name);
    if (this.rest) names.splice(names.length - 1, 0, '.');
    return `(${[this.name || 'lambda', ...names].join(' ')})`;
  }

  /** The instructions, for an instance that redefined `extra` besides what its program redefines. */
  executable(extra: Redefinitions | undefined): Executable {
    if (extra === undefined) {
      this.main ??= emit(this, this.#redefined);
      return this.main;
    }
    this.#variants ??= new WeakMap();
    let variant = this.#variants.get(extra);
    if (!variant) {
      variant = emit(this, new Set([...this.#redefined, ...extra]));
      this.#variants.set(extra, variant);
    }
    return variant;
  }

  /** Forgets instructions made while the program's redefinitions were not all known. */
  reset(): void {
    this.main = undefined;
  }
}
