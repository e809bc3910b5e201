// Which rule lets a target through, and to which addresses: looked up once, all of them checked, then kept.
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { findNetworkRule, type NetworkRule, PypesError } from '@pypes/contract';
import { addressKind, isSameAddress } from './address.ts';
import { orAborted } from './deadline.ts';
import { type Target, toAuthority } from './target.ts';

/** Every address of a host. Node's own asks the system, as other programs do. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** The addresses that a connection may be made to: nobody looks them up again. */
export type Route = { readonly addresses: readonly string[] };

const LOOPBACK: readonly string[] = ['127.0.0.1', '::1'];

export const resolveWithSystem: Resolve = async (host) => {
  const found = await lookup(host, { all: true, order: 'verbatim' });
  return found.map(({ address }) => address);
};

/**
 * @throws PypesError `policy_denied` where no rule includes the target, or one of its addresses; `unavailable` where it
 * has none; the signal's reason
 */
export async function findRoute(
  rules: readonly NetworkRule[],
  target: Target,
  resolve: Resolve,
  signal: AbortSignal,
): Promise<Route> {
  const rule = findNetworkRule(rules, target);
  if (rule === undefined) throw noRule(target);
  if (rule.port === 'any' && FOREIGN_PORTS.has(target.port)) throw foreignPort(target);
  const addresses = await addressesOf(target, resolve, signal);
  if (addresses.some((address) => !isAllowed(rule, address))) throw notPublic(target, rule, addresses);
  return { addresses };
}

/** An address stands for itself, and localhost for this machine (RFC 6761): nobody is asked. */
async function addressesOf(target: Target, resolve: Resolve, signal: AbortSignal): Promise<readonly string[]> {
  const host = target.host.replace(/\.$/, '');
  if (isIP(host) !== 0) return [host];
  if (host === 'localhost' || host.endsWith('.localhost')) return LOOPBACK;
  signal.throwIfAborted();
  const addresses = await orAborted(
    resolve(host).catch((error: unknown) => {
      throw new PypesError('unavailable', `No address was found for "${host}" (${codeOf(error)})`, { cause: error });
    }),
    signal,
  );
  if (addresses.length === 0) throw new PypesError('unavailable', `No address was found for "${host}"`);
  return [...addresses];
}

function isAllowed(rule: NetworkRule, address: string): boolean {
  const kind = addressKind(address);
  return kind === 'public' || (kind === 'private' && rule.private) || isSameAddress(rule.host, address);
}

function noRule(target: Target): PypesError {
  const authority = toAuthority(target);
  return denied(`No network rule lets ${target.method} ${authority} through`, authority);
}

/** The address stays unsaid: what a name means inside this network is not for a pack to learn. */
function notPublic(target: Target, rule: NetworkRule, addresses: readonly string[]): PypesError {
  const authority = toAuthority(target);
  const text = rule.text.slice(0, 100);
  if (addresses.some((address) => addressKind(address) === 'metadata')) {
    return denied(`${authority} leads to a machine's metadata, which only a rule with its very address includes`);
  }
  if (isIP(target.host) !== 0) {
    return denied(`${authority} is no public address, which the rule "${text}" does not include`, authority);
  }
  return denied(
    `${authority} leads to an address that is not public, which the rule "${text}" does not include`,
    `private:${authority}`,
  );
}

function foreignPort(target: Target): PypesError {
  const authority = toAuthority(target);
  return denied(`Port ${target.port} belongs to another protocol than HTTP; a rule has to name it`, authority);
}

function denied(message: string, network?: string): PypesError {
  if (network === undefined) return new PypesError('policy_denied', message);
  return new PypesError('policy_denied', `${message}; an operator can: pypes grant PACK network=${network}`, {
    details: { permission: `network=${network}` },
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'the lookup failed';
}

/** The bad ports of the Fetch standard: there, lines of a body could be commands (mail, printers, chat). */
const FOREIGN_PORTS: ReadonlySet<number> = new Set([
  1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
  111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532,
  540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061,
  6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);
