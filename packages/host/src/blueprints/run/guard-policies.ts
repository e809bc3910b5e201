// Configured policies of the guard, by one door: the only file of the runs that knows where they are.
export { type Ask, compose, readPolicies } from '@pypes/guard';
export { excessOf } from '../../../../guard/src/flow/check/permissions.ts';
export { valueAt } from '../../../../guard/src/flow/lattice.ts';
