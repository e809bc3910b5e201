// Network rules: to which hosts, ports and methods a pack may send requests, as texts that an operator can read.
import { PypesError } from './errors.ts';

/**
 * One rule, parsed from `[METHOD,… ][private:]HOST[:PORT]`. HOST is a name, `*.name` (its subdomains), `*` (every
 * public host) or an address. PORT is a number or `*`; without one 80 and 443 are meant.
 */
export type NetworkRule = {
  /** The text that it was parsed from. */
  readonly text: string;
  /** Upper case; undefined: every method. */
  readonly methods: readonly string[] | undefined;
  /** As a URL has it (lower case, punycode, the shortest form of an address), without brackets and final dot. */
  readonly host: string;
  readonly port: number | 'default' | 'any';
  /** The host may resolve to private, loopback or link-local addresses. An address that is named is always meant. */
  readonly private: boolean;
};

/** What a rule is asked about. */
export type NetworkTarget = { readonly method: string; readonly host: string; readonly port: number };

const SHAPE =
  /^(?:([A-Z]+(?:,[A-Z]+)*) )?(private:)?(\*|\[[0-9a-f:.]+\]|(?:\*\.)?[^\s/\\?#@:*%[\]]+)(?::(\d{1,5}|\*))?$/iu;
const LONGEST = 512;
const HIGHEST_PORT = 65_535;
const DEFAULT_PORTS: readonly number[] = [80, 443];
const FOUR_NUMBERS = /^(?:\d{1,3}\.){3}\d{1,3}$/;

/**
 * @example
 * parseNetworkRule('GET,HEAD api.example.com:443');
 * @throws PypesError `invalid_request`
 */
export function parseNetworkRule(text: string): NetworkRule {
  const trimmed = text.trim();
  const [, methods, priv, written = '', port] = (trimmed.length <= LONGEST && SHAPE.exec(trimmed)) || [];
  const host = toHost(written);
  if (host === undefined || Number(port) > HIGHEST_PORT || Number(port) === 0) {
    throw new PypesError(
      'invalid_request',
      `"${trimmed.slice(0, LONGEST)}" is no network rule; write it as HOST, HOST:PORT or "GET,POST HOST:PORT", such as api.example.com:443, with addresses in full, such as 127.0.0.1 or [::1]`,
    );
  }
  return {
    text: trimmed,
    methods: methods?.toUpperCase().split(','),
    host,
    port: port === undefined ? 'default' : port === '*' ? 'any' : Number(port),
    private: priv !== undefined || isAddress(host) || isLocalhost(host),
  };
}

/**
 * The rule that lets the target through; `host` as a URL has it. Where several do, the one that names the host counts,
 * then one that includes private addresses, then the first.
 */
export function findNetworkRule(rules: readonly NetworkRule[], target: NetworkTarget): NetworkRule | undefined {
  const host = withoutDot(target.host.toLowerCase().replace(/^\[|\]$/g, ''));
  const method = target.method.toUpperCase();
  const found = rules.filter(
    (rule) =>
      (rule.methods === undefined || rule.methods.includes(method)) &&
      matchesPort(rule, target.port) &&
      matchesHost(rule.host, host),
  );
  return found.find((rule) => rule.host === host) ?? found.find((rule) => rule.private) ?? found[0];
}

/** What a URL makes of a host; undefined where it is none, or reads as one address and means another. */
function toHost(written: string): string | undefined {
  if (written === '*') return written;
  if (written.startsWith('*.')) {
    const rest = toHost(written.slice(2));
    return rest === undefined || rest === '*' || isAddress(rest) ? undefined : `*.${rest}`;
  }
  try {
    const { hostname, host } = new URL(`http://${written}/`);
    const plain = withoutDot(hostname.replace(/^\[|\]$/g, ''));
    if (plain === '' || plain.startsWith('.') || host !== hostname || plain.includes('*')) return undefined;
    return FOUR_NUMBERS.test(plain) && withoutDot(written) !== plain ? undefined : plain;
  } catch {
    return undefined;
  }
}

function matchesPort({ port }: NetworkRule, asked: number): boolean {
  if (!Number.isInteger(asked) || asked < 1 || asked > HIGHEST_PORT) return false;
  return port === 'any' || (port === 'default' ? DEFAULT_PORTS.includes(asked) : port === asked);
}

function matchesHost(pattern: string, host: string): boolean {
  if (pattern === '*') return true;
  if (!pattern.startsWith('*.')) return host === pattern;
  const suffix = pattern.slice(1);
  return host.length > suffix.length && host.endsWith(suffix) && !isAddress(host);
}

function isAddress(host: string): boolean {
  return FOUR_NUMBERS.test(host) || host.includes(':');
}

/** Names of this machine itself, whatever a resolver says (RFC 6761). */
function isLocalhost(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost');
}

/** `example.com.` and `example.com` are one host. */
function withoutDot(host: string): string {
  return host.endsWith('.') ? host.slice(0, -1) : host;
}
