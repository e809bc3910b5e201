/** Arithmetic on two operands with the small-integer case in line. */
import { LispyError } from '../errors.ts';
import type { Operand } from '../machine/instruction.ts';
import type { Machine } from '../machine/machine.ts';
import { addNumbers, compareNumbers, multiplyNumbers, subtractNumbers } from '../values/arithmetic.ts';
import { sameValue } from '../values/equal.ts';
import type { Value } from '../values/value.ts';
import { type BuiltinOf, fuse } from './fuse.ts';
import type { Node } from './node.ts';
import type { Spot } from './spot.ts';

type Slow = (a: Value, b: Value, machine: Machine) => Value;

const at =
  (spot: Spot, slow: Slow): Slow =>
  (a, b, machine) => {
    try {
      return slow(a, b, machine);
    } catch (error) {
      throw error instanceof LispyError ? error.locate(spot.place()) : error;
    }
  };

type Fuser = (x: Operand, y: Operand, spot: Spot) => Operand;

const add: Fuser = (x, y, spot) => {
  const slow = at(spot, addNumbers);
  return (stack, base, machine) => {
    const a = x(stack, base, machine);
    const b = y(stack, base, machine);
    if (typeof a === 'number' && typeof b === 'number' && (a | 0) === a && (b | 0) === b) return a + b;
    return slow(a, b, machine);
  };
};

const subtract: Fuser = (x, y, spot) => {
  const slow = at(spot, subtractNumbers);
  return (stack, base, machine) => {
    const a = x(stack, base, machine);
    const b = y(stack, base, machine);
    if (typeof a === 'number' && typeof b === 'number' && (a | 0) === a && (b | 0) === b) return a - b;
    return slow(a, b, machine);
  };
};

const multiply: Fuser = (x, y, spot) => {
  const slow = at(spot, multiplyNumbers);
  return (stack, base, machine) => {
    const a = x(stack, base, machine);
    const b = y(stack, base, machine);
    if (typeof a === 'number' && typeof b === 'number' && (a | 0) === a && (b | 0) === b) {
      const product = a * b;
      if (product !== 0 && product <= 9007199254740991 && product >= -9007199254740991) return product;
    }
    return slow(a, b, machine);
  };
};

const compared =
  (name: string, order: (difference: number) => boolean): Slow =>
  (a, b) =>
    order(compareNumbers(a, b, name));

const less: Fuser = (x, y, spot) => {
  const slow = at(
    spot,
    compared('<', (order) => order < 0),
  );
  return (stack, base, machine) => {
    const a = x(stack, base, machine);
    const b = y(stack, base, machine);
    return typeof a === 'number' && typeof b === 'number' ? a < b : slow(a, b, machine);
  };
};

const greater: Fuser = (x, y, spot) => {
  const slow = at(
    spot,
    compared('>', (order) => order > 0),
  );
  return (stack, base, machine) => {
    const a = x(stack, base, machine);
    const b = y(stack, base, machine);
    return typeof a === 'number' && typeof b === 'number' ? a > b : slow(a, b, machine);
  };
};

const atMost: Fuser = (x, y, spot) => {
  const slow = at(
    spot,
    compared('<=', (order) => order <= 0),
  );
  return (stack, base, machine) => {
    const a = x(stack, base, machine);
    const b = y(stack, base, machine);
    return typeof a === 'number' && typeof b === 'number' ? a <= b : slow(a, b, machine);
  };
};

const atLeast: Fuser = (x, y, spot) => {
  const slow = at(
    spot,
    compared('>=', (order) => order >= 0),
  );
  return (stack, base, machine) => {
    const a = x(stack, base, machine);
    const b = y(stack, base, machine);
    return typeof a === 'number' && typeof b === 'number' ? a >= b : slow(a, b, machine);
  };
};

const equal: Fuser = (x, y, spot) => {
  const slow = at(spot, sameValue);
  return (stack, base, machine) => {
    const a = x(stack, base, machine);
    const b = y(stack, base, machine);
    return typeof a === 'number' && typeof b === 'number' ? a === b : slow(a, b, machine);
  };
};

const fusers = new Map<string, Fuser>([
  ['+', add],
  ['-', subtract],
  ['*', multiply],
  ['<', less],
  ['>', greater],
  ['<=', atMost],
  ['>=', atLeast],
  ['=', equal],
]);

/** A fused binary operation, or `undefined` where `name` is no arithmetic. */
export const arithmetic = (
  name: string,
  args: readonly Node[],
  spot: Spot,
  builtinOf: BuiltinOf,
): Operand | undefined => {
  const fuser = fusers.get(name);
  if (!fuser) return undefined;
  return small(name, args, fuser, spot, builtinOf) ?? fuser(fuse(args[0]!, builtinOf), fuse(args[1]!, builtinOf), spot);
};

/** The commonest shapes: a plain local and a small integer constant. */
const small = (
  name: string,
  args: readonly Node[],
  fuser: Fuser,
  spot: Spot,
  builtinOf: BuiltinOf,
): Operand | undefined => {
  const [left, right] = args as [Node, Node];
  const isLocal = left.kind === 'local' && left.variable.owner === left.lambda && !left.variable.boxed && !left.checked;
  if (!isLocal || right.kind !== 'const' || typeof right.value !== 'number' || (right.value | 0) !== right.value)
    return undefined;
  const { slot } = left.variable;
  const number = right.value;
  const general = fuser(fuse(left, builtinOf), fuse(right, builtinOf), spot);
  if (name === '+' || name === '-') {
    const step = name === '+' ? number : -number;
    return (stack, base, machine) => {
      const a = stack[base + slot];
      return typeof a === 'number' && (a | 0) === a ? a + step : general(stack, base, machine);
    };
  }
  if (name === '<') {
    return (stack, base, machine) => {
      const a = stack[base + slot];
      return typeof a === 'number' ? a < number : general(stack, base, machine);
    };
  }
  if (name === '=') {
    return (stack, base, machine) => {
      const a = stack[base + slot];
      return typeof a === 'number' ? a === number : general(stack, base, machine);
    };
  }
  return undefined;
};
