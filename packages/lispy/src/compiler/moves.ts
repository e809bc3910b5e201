/** The turn of a loop: all new values are computed before any variable changes. */
import type { Operand } from '../machine/instruction.ts';
import { Box } from '../values/box.ts';
import type { Value } from '../values/value.ts';
import type { Variable } from './scope.ts';

/** One operand that moves all values; closures made in earlier turns keep their own variables. */
export const fuseMoves = (variables: readonly Variable[], values: readonly Operand[]): Operand | undefined => {
  if (variables.length === 0) return undefined;
  const slots = variables.map((variable) => variable.slot);
  const [a, b, c] = values;
  const [i, j, k] = slots as [number, number, number];
  if (variables.some((variable) => variable.boxed) || variables.length > 3) return moveMany(variables, slots, values);
  if (variables.length === 1) {
    return (stack, base, machine) => {
      stack[base + i] = a!(stack, base, machine);
      return null;
    };
  }
  if (variables.length === 2) {
    return (stack, base, machine) => {
      const first = a!(stack, base, machine);
      stack[base + j] = b!(stack, base, machine);
      stack[base + i] = first;
      return null;
    };
  }
  return (stack, base, machine) => {
    const first = a!(stack, base, machine);
    const second = b!(stack, base, machine);
    stack[base + k] = c!(stack, base, machine);
    stack[base + i] = first;
    stack[base + j] = second;
    return null;
  };
};

const moveMany =
  (variables: readonly Variable[], slots: readonly number[], values: readonly Operand[]): Operand =>
  (stack, base, machine) => {
    const results: Value[] = [];
    for (const value of values) results.push(value(stack, base, machine));
    for (let at = 0; at < slots.length; at++) {
      stack[base + slots[at]!] = variables[at]!.boxed ? new Box(results[at]!) : results[at];
    }
    return null;
  };
