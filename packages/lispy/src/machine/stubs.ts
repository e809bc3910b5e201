/** The two pieces of code that no program contains: where a run begins, and what drives a task. */
import type { Value } from '../values/value.ts';
import { IGNORE, Instruction, op, RETURN } from './instruction.ts';

const sized = (code: Instruction[]): Instruction[] => {
  for (const instruction of code) instruction.frame = 2;
  return code;
};

/** Waits for one call and gives its result. */
export const startCode: Instruction[] = sized([
  new Instruction(op.callMany, 1, 0, undefined, [], undefined),
  new Instruction(op.give, RETURN, 0, undefined, [(stack, base) => stack[base + 1] as Value], undefined),
]);

/** Asks a task to go on, and hands it the result of each call that it asks for. */
export const taskCode: Instruction[] = sized([
  new Instruction(op.advance, 1, 0, undefined, [], undefined),
  new Instruction(op.accept, IGNORE, 0, undefined, [], undefined),
]);
