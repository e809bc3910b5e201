// How a grant grows and shrinks.
import { PERMISSION_NAMES, type Permissions, PypesError } from '@pypes/contract';
import { parseGrants } from './values.ts';

type Granted = Partial<Permissions>;

/** Lists grow, an access or a switch is replaced. */
export function addGrants(before: Granted, more: Granted): Granted {
  const both = { ...before, ...more };
  return {
    ...both,
    ...(both.network === undefined ? {} : { network: union(before.network, more.network) }),
    ...(both.vault === undefined ? {} : { vault: union(before.vault, more.vault) }),
    ...(both.session === undefined ? {} : { session: union(before.session, more.session) }),
  };
}

/**
 * Without what `NAME` or `NAME=VALUE` names.
 *
 * @throws PypesError `not_found` where that was not granted: then it is not what was meant
 */
export function revokeGrants(before: Granted, names: readonly string[]): Granted {
  return names.reduce(revokeOne, before);
}

function revokeOne(before: Granted, text: string): Granted {
  const [name = ''] = text.split('=');
  const granted = before[name as keyof Permissions];
  if (!(PERMISSION_NAMES as readonly string[]).includes(name)) parseGrants([`${name}=-`]);
  if (granted === undefined) throw notGranted(text, before);
  const { [name as keyof Permissions]: _gone, ...others } = before;
  if (!text.includes('=')) return others;
  const gone = parseGrants([text])[name as keyof Permissions];
  if (!Array.isArray(granted) || !Array.isArray(gone)) {
    if (granted !== gone) throw notGranted(text, before);
    return others;
  }
  const missing = gone.find((value) => !(granted as readonly string[]).includes(value));
  if (missing !== undefined) throw notGranted(`${name}=${missing}`, before);
  const rest = (granted as readonly string[]).filter((value) => !(gone as readonly string[]).includes(value));
  return rest.length === 0 ? others : { ...others, [name]: rest };
}

function notGranted(text: string, granted: Granted): PypesError {
  const has = toPermissionText(granted);
  return new PypesError('not_found', `"${text}" was not granted; granted is ${has === '' ? 'nothing' : has}`);
}

/** Permissions as they are written on the command line. */
export function toPermissionText(permissions: Granted): string {
  return Object.entries(permissions)
    .map(([name, value]) => `${name}=${Array.isArray(value) ? value.join(',') : String(value)}`)
    .join(' ');
}

function union<T>(before: readonly T[] = [], more: readonly T[] = []): readonly T[] {
  return [...new Set([...before, ...more])];
}
