// The limits of the edge: the contract's, but for what an isolate of 128 MB cannot hold, and what the environment says.
import { DEFAULT_LIMITS, type Limits, PypesError } from '@pypes/contract';

const MEBIBYTE = 1024 * 1024;
const MOST = 2 ** 40;

/** A bundle is in memory several times while it is deployed: its text, its files, the text that travels on. */
const EDGE_LIMITS: Limits = {
  ...DEFAULT_LIMITS,
  bundleBytes: 16 * MEBIBYTE,
  componentBytes: 8 * MEBIBYTE,
  guestBytes: 32 * MEBIBYTE,
  concurrentCalls: 200,
};

/** The variables of all limits. */
export const LIMIT_VARIABLES: readonly string[] = Object.keys(EDGE_LIMITS).map(limitVariable);

/**
 * `PYPES_LIMITS_CALL_MS` and the like, by the names that they have everywhere.
 *
 * @throws PypesError `invalid_request`
 */
export function readLimits(environment: { readonly [name: string]: string | undefined }): Limits {
  const entries = Object.entries(EDGE_LIMITS).map(([name, initial]) => {
    const variable = limitVariable(name);
    const given = environment[variable] ?? '';
    return [name, given === '' ? initial : readWhole(variable, given, name === 'fetchRedirects' ? 0 : 1)];
  });
  return Object.fromEntries(entries) as Limits;
}

/** `callMs` is `PYPES_LIMITS_CALL_MS`. */
function limitVariable(name: string): string {
  return `PYPES_LIMITS_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

function readWhole(variable: string, given: string, least: number): number {
  const value = /^\d{1,15}$/.test(given.trim()) ? Number(given) : Number.NaN;
  if (value >= least && value <= MOST) return value;
  throw new PypesError(
    'invalid_request',
    `${variable} takes a whole number from ${least}, got "${given.slice(0, 40)}"`,
  );
}
