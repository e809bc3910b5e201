// Request headers: which a pack may set, and which follow a redirect to another origin.
import { PypesError } from '@pypes/contract';

export type Headers = readonly (readonly [name: string, value: string])[];

const NAME = /^[!#$%&'*+.^_`|~\dA-Za-z-]{1,256}$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const MOST_HEADERS = 128;
const MOST_BYTES = 65_536;

/** What belongs to the connection: the egress sets it, a pack that could would speak for the connection. */
const OWN: ReadonlySet<string> = new Set([
  'host',
  'content-length',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'http2-settings',
  'expect',
  'via',
]);

/** All that may cross to another origin: whatever else a pack sends could be a secret. */
const HARMLESS: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'cache-control',
  'content-encoding',
  'content-language',
  'content-type',
  'if-modified-since',
  'if-none-match',
  'pragma',
  'range',
  'user-agent',
]);

const DEFAULTS: Headers = [
  ['accept', '*/*'],
  ['accept-encoding', 'gzip, deflate, br'],
  ['user-agent', 'pypes'],
];

/**
 * The headers to send: checked, with the defaults for what was left out.
 *
 * @throws PypesError `invalid_input` where a name or a value cannot be one, or is not the pack's to set
 */
export function checkHeaders(headers: Headers): Headers {
  let bytes = 0;
  const names = new Set<string>();
  for (const [name, value] of headers) {
    const known = name.toLowerCase();
    if (!NAME.test(name)) throw invalid(`"${name.slice(0, 80)}" is no header name`);
    if (!VALUE.test(value))
      throw invalid(`The header ${name} has characters that no header can have, such as a line end`);
    if (OWN.has(known) || known.startsWith('proxy-'))
      throw invalid(`fetch sets the header ${name} itself; leave it out`);
    bytes += name.length + value.length + 4;
    names.add(known);
  }
  if (headers.length > MOST_HEADERS || bytes > MOST_BYTES) {
    throw invalid(`A request takes ${MOST_HEADERS} headers of ${MOST_BYTES} bytes at most`);
  }
  return [...headers, ...DEFAULTS.filter(([name]) => !names.has(name))];
}

/** Headers for the next hop. */
export function withoutSecrets(headers: Headers): Headers {
  return headers.filter(([name]) => HARMLESS.has(name.toLowerCase()));
}

/** Headers of a request whose body was dropped. */
export function withoutBodyHeaders(headers: Headers): Headers {
  return headers.filter(([name]) => !name.toLowerCase().startsWith('content-'));
}

function invalid(message: string): PypesError {
  return new PypesError('invalid_input', message);
}
