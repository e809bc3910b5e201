// Which addresses are public: what is not known to be is not, however it is written and whatever it embeds.
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** `metadata` addresses hand out a machine's credentials: only a rule that names one of them reaches it. */
export type AddressKind = 'public' | 'private' | 'metadata';

type Range = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Instance metadata and credentials: AWS, ECS, EKS, Google, Azure, Alibaba, Oracle, Scaleway, Tencent. */
const METADATA: readonly Range[] = [
  '169.254.169.0/24',
  '169.254.170.0/24',
  '169.254.0.23/32',
  '169.254.42.42/32',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '192.0.0.192/32',
  'fd00:ec2::/32',
  'fd20:ce::254/128',
  'fd00:42::42/128',
].map((range) => ipaddr.parseCIDR(range));

/** The only part of IPv6 that is given out to the public (RFC 4291, IANA). */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');
const NAT64 = ipaddr.parseCIDR('64:ff9b::/96');
const SIX_TO_FOUR = ipaddr.parseCIDR('2002::/16');

/**
 * @param text an address as a resolver gives it: no brackets; a zone (`%eth0`) is not part of it
 */
export function addressKind(text: string): AddressKind {
  const address = parse(text);
  if (address === undefined) return 'private';
  if (isIPv4(address)) return ofIPv4(address);
  if (METADATA.some((range) => isIn(address, range))) return 'metadata';
  const embedded = embeddedIPv4(address);
  if (embedded !== undefined) {
    const kind = ofIPv4(embedded.address);
    return kind === 'public' && !embedded.reachesIt ? 'private' : kind;
  }
  return address.range() === 'unicast' && isIn(address, GLOBAL_UNICAST) ? 'public' : 'private';
}

/** Tells whether two texts are the same address. */
export function isSameAddress(one: string, other: string): boolean {
  const [first, second] = [parse(one), parse(other)];
  return first !== undefined && second !== undefined && first.toNormalizedString() === second.toNormalizedString();
}

/** Without zone, and in hexadecimal: ipaddr.js takes `::1.2.3.4` for `::ffff:1.2.3.4`. */
function parse(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const [plain = ''] = text.split('%', 1);
  if (isIP(plain) === 0) return undefined;
  return ipaddr.parse(plain.includes(':') ? new URL(`http://[${plain}]`).hostname.slice(1, -1) : plain);
}

function ofIPv4(address: ipaddr.IPv4): AddressKind {
  if (METADATA.some((range) => isIn(address, range))) return 'metadata';
  return address.range() === 'unicast' ? 'public' : 'private';
}

/**
 * The IPv4 address inside an IPv6 one. `reachesIt`: a packet goes to that address and nowhere else (mapped addresses,
 * NAT64 of the well-known prefix); the other tunnels are refused also where they lead to a public one.
 */
function embeddedIPv4(
  address: ipaddr.IPv6,
): { readonly address: ipaddr.IPv4; readonly reachesIt: boolean } | undefined {
  const { parts } = address;
  const [, second = 0, third = 0, , fifth = 0, sixth = 0, seventh = 0, eighth = 0] = parts;
  const last = toIPv4(seventh, eighth);
  const range = address.range();
  if (range === 'ipv4Mapped' || isIn(address, NAT64)) return { address: last, reachesIt: true };
  if (isIn(address, SIX_TO_FOUR)) return { address: toIPv4(second, third), reachesIt: false };
  if (range === 'teredo') return { address: toIPv4(seventh ^ 0xffff, eighth ^ 0xffff), reachesIt: false };
  const isatap = (fifth & ~0x0200) === 0 && sixth === 0x5efe;
  const compatible = parts.slice(0, 6).every((part) => part === 0);
  const translated = range === 'rfc6145' || range === 'rfc6052';
  return isatap || compatible || translated ? { address: last, reachesIt: false } : undefined;
}

function toIPv4(high: number, low: number): ipaddr.IPv4 {
  return new ipaddr.IPv4([high >> 8, high & 0xff, low >> 8, low & 0xff]);
}

function isIn(address: ipaddr.IPv4 | ipaddr.IPv6, [range, bits]: Range): boolean {
  if (isIPv4(address)) return isIPv4(range) && address.match(range, bits);
  return !isIPv4(range) && address.match(range, bits);
}

function isIPv4(address: ipaddr.IPv4 | ipaddr.IPv6): address is ipaddr.IPv4 {
  return address.kind() === 'ipv4';
}
