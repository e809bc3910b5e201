// What people write for permissions: NAME=VALUE, lists with commas or several times.
import { type Json, type Permissions, PypesError, parsePermissions } from '@pypes/contract';

const LISTS = new Set(['network', 'vault', 'session']);

/**
 * Permissions from `NAME=VALUE` texts.
 *
 * @example
 * parseGrants(['network=GET,HEAD api.example.com,other.com:443', 'ai=true']);
 * // { network: ['GET,HEAD api.example.com', 'other.com:443'], ai: true }
 * @throws PypesError `invalid_request`
 */
export function parseGrants(texts: readonly string[]): Partial<Permissions> {
  const values = new Map<string, Json>();
  for (const text of texts) {
    const cut = text.indexOf('=');
    const value = text.slice(cut + 1).trim();
    if (cut < 1 || value === '') {
      throw new PypesError('invalid_request', `"${text}" is no NAME=VALUE; write it as network=api.example.com:443`);
    }
    const name = text.slice(0, cut).trim();
    const before = (values.get(name) ?? []) as readonly Json[];
    values.set(name, LISTS.has(name) ? [...before, ...splitList(value)] : toAccess(name, value));
  }
  return parsePermissions(Object.fromEntries(values), 'the grant');
}

/** At commas, but not at those between the methods of a network rule. */
function splitList(text: string): readonly string[] {
  const parts = text.match(/(?:[A-Z]+(?:,[A-Z]+)* )?[^,]+/g) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function toAccess(name: string, text: string): Json {
  return name === 'ai' && (text === 'true' || text === 'false') ? text === 'true' : text;
}
