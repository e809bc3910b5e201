// Permissions in plain words, and what about them a person should know.
import { type NetworkRule, type Permissions, parseNetworkRule } from '@pypes/contract';

/** One sentence for each thing that is allowed. */
export function toWords(permissions: Partial<Permissions>): readonly string[] {
  const { network = [], memory, objects, vault = [], ai, session = [] } = permissions;
  return [
    ...network.map((rule) => networkWords(parseNetworkRule(rule))),
    ...(memory === undefined ? [] : [`${ACCESS[memory]} its memory`]),
    ...(objects === undefined ? [] : [`${ACCESS[objects]} its objects`]),
    ...vault.map((name) => `read the secret ${name}, which is then cut out of what it returns and logs`),
    ...(ai === undefined ? [] : [ai ? 'ask models, which may cost money' : 'ask no model']),
    ...session.map((part) => SESSION[part]),
  ];
}

const ACCESS = { none: 'not see', read: 'read', write: 'write', 'read-write': 'read and write' } as const;
const SESSION = {
  files: 'keep files in a private folder while it works',
  browser: 'use a page of a real browser',
} as const;

function networkWords({ text, methods, host, port }: NetworkRule): string {
  const what = methods === undefined ? 'send requests' : `send ${methods.join(' and ')} requests`;
  const where = port === 'default' ? '' : port === 'any' ? ', on any port' : `, port ${port}`;
  return `${what} to ${hostWords(host)}${where}${text.includes('private:') ? ', private networks included' : ''}`;
}

function hostWords(host: string): string {
  if (host === '*') return 'any host';
  return host.startsWith('*.') ? `any host below ${host.slice(2)}` : host;
}

/** What was granted although the pack did not ask for it, as it is written on the command line. */
export function beyondAsked(granted: Partial<Permissions>, asks: Partial<Permissions>): readonly string[] {
  const lists = (['network', 'vault', 'session'] as const).flatMap((name) => {
    const asked: readonly string[] = asks[name] ?? [];
    return (granted[name] ?? []).filter((value) => !asked.includes(value)).map((value) => `${name}=${value}`);
  });
  const { memory, objects, ai } = granted;
  return [
    ...lists,
    ...(memory === undefined || isWithin(memory, asks.memory ?? 'read-write') ? [] : [`memory=${memory}`]),
    ...(objects === undefined || isWithin(objects, asks.objects ?? 'none') ? [] : [`objects=${objects}`]),
    ...(ai === true && asks.ai !== true ? ['ai=true'] : []),
  ];
}

/** What a pack asks for and does not have, as it is written on the command line. */
export function stillMissing(asks: Partial<Permissions>, inForce: Permissions): readonly string[] {
  return beyondAsked(asks, inForce);
}

function isWithin(access: string, allowed: string): boolean {
  return access === 'none' || allowed === 'read-write' || access === allowed;
}
