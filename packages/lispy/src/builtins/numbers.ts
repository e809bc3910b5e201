/** Numbers: exact integers of any size, floats, and what is computed from them. */
import { family } from './define.ts';
import { basicRows } from './numbers/basic.ts';
import { integerRows } from './numbers/integers.ts';
import { realRows } from './numbers/reals.ts';

export const arithmeticBuiltins = family('numbers', [...basicRows, ...integerRows, ...realRows]);
