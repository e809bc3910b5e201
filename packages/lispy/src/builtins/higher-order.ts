/** Procedures that take procedures. All of them run on the machine, so what they call can wait and is counted. */
import { family } from './define.ts';
import { applyRows } from './procedures/apply.ts';
import { listRows } from './procedures/lists.ts';
import { mapRows } from './procedures/maps.ts';
import { resultRows } from './procedures/results.ts';

export const higherOrderBuiltins = family('procedures', [...applyRows, ...listRows, ...resultRows, ...mapRows]);
