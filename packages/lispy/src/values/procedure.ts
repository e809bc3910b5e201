/** Procedures: closures of the program, builtins, and functions of the host. */
import type { Code } from '../compiler/code.ts';
import type { Control, Machine } from '../machine/machine.ts';
import type { Box } from './box.ts';
import type { Value } from './value.ts';

/** Anything that can be called; `name` is for messages and printing. */
export abstract class Procedure {
  abstract readonly name: string;
  /** `(name a b [c])`, as arity errors say it. */
  abstract readonly signature: string;
}

/** A lambda together with the variables it closes over. */
export class Closure extends Procedure {
  readonly code: Code;
  readonly captured: readonly (Value | Box)[];
  constructor(code: Code, captured: readonly (Value | Box)[]) {
    super();
    this.code = code;
    this.captured = captured;
  }
  get name(): string {
    return this.code.name;
  }
  get signature(): string {
    return this.code.signature;
  }
}

/** A primitive that answers at once. Missing optional arguments arrive as `undefined`. */
export type Primitive = (machine: Machine, ...args: Value[]) => Value;
/** A builtin of any number of arguments that answers at once. */
export type SpreadPrimitive = (machine: Machine, args: Value[]) => Value;
/** A builtin that may call procedures: it answers with a value, a tail call or a task. */
export type ControlPrimitive = (machine: Machine, args: Value[]) => Value | Control;

/** How a builtin is called; fixed-argument primitives are fused into the code that calls them. */
export type BuiltinKind =
  | { readonly kind: 'fixed'; readonly call: Primitive }
  | {
      readonly kind: 'spread';
      readonly call: SpreadPrimitive;
      /** The same for exactly two arguments, without an array. */
      readonly two?: (machine: Machine, a: Value, b: Value) => Value;
    }
  | { readonly kind: 'control'; readonly call: ControlPrimitive };

/** A procedure of the language itself. */
export class Builtin extends Procedure {
  readonly name: string;
  readonly signature: string;
  readonly doc: string;
  readonly family: string;
  readonly min: number;
  readonly max: number;
  readonly how: BuiltinKind;
  constructor(name: string, parameters: string, doc: string, family: string, how: BuiltinKind) {
    super();
    this.name = name;
    this.signature = parameters === '' ? `(${name})` : `(${name} ${parameters})`;
    this.doc = doc;
    this.family = family;
    this.how = how;
    [this.min, this.max] = arityOf(parameters);
  }
}

/** Reads `a b [c] . rest` into the least and greatest number of arguments. */
const arityOf = (parameters: string): [number, number] => {
  const [fixed = '', rest] = parameters.split(/(?:^| )\. /);
  const words = fixed.split(' ').filter((word) => word !== '');
  const optional = words.filter((word) => word.startsWith('[')).length;
  return [words.length - optional, rest === undefined ? words.length : Number.POSITIVE_INFINITY];
};

/** A function granted by the host; it takes and gives values, at once or later. */
export class HostProcedure extends Procedure {
  readonly name: string;
  readonly signature: string;
  readonly call: (args: Value[], machine: Machine) => Value | Promise<Value>;
  constructor(name: string, signature: string, call: (args: Value[], machine: Machine) => Value | Promise<Value>) {
    super();
    this.name = name;
    this.signature = signature;
    this.call = call;
  }
}
