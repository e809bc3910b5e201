/** Direct calls of builtins that answer at once. */
import { LispyError } from '../errors.ts';
import type { Operand } from '../machine/instruction.ts';
import type { Builtin, Primitive } from '../values/procedure.ts';
import type { Value } from '../values/value.ts';
import type { Spot } from './spot.ts';

/** Gives an error of a builtin the place of its call. */
const located = (error: unknown, spot: Spot): unknown =>
  error instanceof LispyError && !error.place ? error.locate(spot.place()) : error;

/** A fused call; the number of arguments has been checked. */
export const fuseCall = (builtin: Builtin, args: readonly Operand[], spot: Spot): Operand => {
  const { how } = builtin;
  if (how.kind === 'control') throw new LispyError('internal', `Cannot fuse a call of "${builtin.name}"`);
  if (how.kind === 'spread' && !(how.two && args.length === 2)) {
    const { call } = how;
    return (stack, base, machine) => {
      const values: Value[] = [];
      for (const arg of args) values.push(arg(stack, base, machine));
      try {
        return call(machine, values);
      } catch (error) {
        throw located(error, spot);
      }
    };
  }
  const call: Primitive = how.kind === 'fixed' ? how.call : (how.two as Primitive);
  const [first, second, third] = args;
  if (args.length === 0) return (_stack, _base, machine) => call(machine);
  if (args.length === 1) {
    return (stack, base, machine) => {
      const a = first!(stack, base, machine);
      try {
        return call(machine, a);
      } catch (error) {
        throw located(error, spot);
      }
    };
  }
  if (args.length === 2) {
    return (stack, base, machine) => {
      const a = first!(stack, base, machine);
      const b = second!(stack, base, machine);
      try {
        return call(machine, a, b);
      } catch (error) {
        throw located(error, spot);
      }
    };
  }
  if (args.length === 3) {
    return (stack, base, machine) => {
      const a = first!(stack, base, machine);
      const b = second!(stack, base, machine);
      const c = third!(stack, base, machine);
      try {
        return call(machine, a, b, c);
      } catch (error) {
        throw located(error, spot);
      }
    };
  }
  return (stack, base, machine) => {
    const values: Value[] = [];
    for (const arg of args) values.push(arg(stack, base, machine));
    try {
      return call(machine, ...values);
    } catch (error) {
      throw located(error, spot);
    }
  };
};
