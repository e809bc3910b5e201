// How much work bytes may cause. Types are shared by index, so a small file can describe an enormous thing; these bounds
// make the work linear in the size of the file.

import { BinaryError } from './errors.ts';

/** How deep types, type declarations and components may nest; published validators stop at 100 as well. */
export const MAX_DEPTH = 100;

/** How many parts one type may have when written out in full; the bound of published validators. */
export const MAX_TYPE_SIZE = 1_000_000;

/** Steps that are left. */
export type Budget = { steps: number };

/**
 * A budget for a file of this many bytes: several times what files that tools write need, and small enough that a file
 * made to cost takes neither long nor much memory (a step keeps about 250 bytes at most).
 */
export const createBudget = (size: number): Budget => ({ steps: 100_000 + Math.min(4 * size, 2_000_000) });

/** Takes steps from the budget. */
export const spend = (budget: Budget, steps: number, offset: number): void => {
  budget.steps -= steps;
  if (budget.steps < 0) throw new BinaryError('Expected types that take less work to expand', offset);
};
