// Why a call is refused or stopped, said so that the caller can act on it.
import { PypesError } from '@pypes/contract';
import type { Pack } from '../packs/pack.ts';

/**
 * `unknown_agent`, with the agents that there are, and the reason where the file is quarantined; `unsupported` or
 * `unavailable` where the agent may be in a file whose language is not run here, or not now: nobody has looked into it.
 */
export async function unknownAgent(pack: Pack, name: string): Promise<PypesError> {
  const view = await pack.catalog.view();
  const named = view.quarantined.find(({ filename }) => stemOf(filename) === name);
  const elsewhere = named ?? view.quarantined.find(({ code }) => code !== undefined);
  if (elsewhere?.code !== undefined) {
    return new PypesError(elsewhere.code, elsewhere.error, { details: { available: view.names } });
  }
  // A pack of which nothing could be loaded: whatever is called, that is why.
  const broken = named ?? (view.names.length === 0 ? view.quarantined[0] : undefined);
  const reason = broken === undefined ? '' : `; the file ${broken.filename} is quarantined: ${broken.error}`;
  return new PypesError('unknown_agent', `unknown agent: ${name}${reason}`, { details: { available: view.names } });
}

function stemOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/(_agent)?\.[^.]*$/, '');
}

/** The time limit of a call. */
export function timedOut(name: string, ms: number): PypesError {
  return new PypesError('timeout', `"${name}" ran longer than ${ms} ms and was stopped`, {
    details: { limit: 'call_ms', maximum: ms },
  });
}

/** The limit of nested calls. */
export function tooDeep(name: string, most: number): PypesError {
  return new PypesError('resource_exhausted', `The call of "${name}" would be nested deeper than ${most} calls`, {
    details: { limit: 'call_depth', maximum: most },
  });
}

/** The limit of calls in flight. */
export function tooMany(most: number): PypesError {
  return new PypesError('rate_limited', `${most} calls are in flight already; try again in a moment`, {
    details: { limit: 'concurrent_calls', maximum: most },
  });
}
