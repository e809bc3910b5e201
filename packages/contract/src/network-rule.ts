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
  /** Lower case, without brackets. */
  readonly host: string;
  readonly port: number | 'default' | 'any';
  /** The host may resolve to private, loopback or link-local addresses. An address that is named is always meant. */
  readonly private: boolean;
};

/** What a rule is asked about. */
export type NetworkTarget = { readonly method: string; readonly host: string; readonly port: number };

const SHAPE =
  /^(?:([A-Z]+(?:,[A-Z]+)*) )?(private:)?(\*|(?:\*\.)?[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])(?::(\d{1,5}|\*))?$/i;
const HIGHEST_PORT = 65_535;
const DEFAULT_PORTS: readonly number[] = [80, 443];

/**
 * @example
 * parseNetworkRule('GET,HEAD api.example.com:443');
 * @throws PypesError `invalid_request`
 */
export function parseNetworkRule(text: string): NetworkRule {
  const match = SHAPE.exec(text.trim());
  const [, methods, priv, host = '', port] = match ?? [];
  if (match === null || Number(port) > HIGHEST_PORT || Number(port) === 0) {
    throw new PypesError(
      'invalid_request',
      `"${text}" is no network rule; write it as HOST, HOST:PORT or "GET,POST HOST:PORT", such as api.example.com:443`,
    );
  }
  return {
    text: text.trim(),
    methods: methods?.toUpperCase().split(','),
    host: withoutDot(host.toLowerCase().replace(/^\[|\]$/g, '')),
    port: port === undefined ? 'default' : port === '*' ? 'any' : Number(port),
    private: priv !== undefined || isAddress(host) || host.toLowerCase() === 'localhost',
  };
}

/** The first rule that lets the target through; `host` as a URL has it. */
export function findNetworkRule(rules: readonly NetworkRule[], target: NetworkTarget): NetworkRule | undefined {
  const host = withoutDot(target.host.toLowerCase().replace(/^\[|\]$/g, ''));
  return rules.find(
    (rule) =>
      (rule.methods === undefined || rule.methods.includes(target.method.toUpperCase())) &&
      matchesPort(rule, target.port) &&
      matchesHost(rule.host, host),
  );
}

function matchesPort({ port }: NetworkRule, asked: number): boolean {
  return port === 'any' || (port === 'default' ? DEFAULT_PORTS.includes(asked) : port === asked);
}

function matchesHost(pattern: string, host: string): boolean {
  if (pattern === '*') return true;
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;
}

function isAddress(host: string): boolean {
  return /^[\d.]+$/.test(host) || host.startsWith('[');
}

/** `example.com.` and `example.com` are one host. */
function withoutDot(host: string): string {
  return host.endsWith('.') ? host.slice(0, -1) : host;
}
