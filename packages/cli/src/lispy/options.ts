// What `pypes lispy` was asked for, as options of the language.
import type { LispyLimits } from '@pypes/lispy';
import { parseWhole } from '../input.ts';

/** Options of the command. */
export type LispyOptions = { readonly json?: boolean; readonly profile?: string; readonly maxSteps?: string };

const MOST_STEPS = 1_000_000_000_000;

/** The dialect. */
export function compileOptions({ profile }: LispyOptions): { profile?: string } {
  return profile === undefined ? {} : { profile };
}

/** The limits. */
export function limitOptions({ maxSteps }: LispyOptions): { limits?: Partial<LispyLimits> } {
  return maxSteps === undefined ? {} : { limits: { steps: parseWhole(maxSteps, '--max-steps', 1, MOST_STEPS) } };
}
