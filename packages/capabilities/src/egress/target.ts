// What a URL asks for: read once, by one parser, so that nothing downstream can understand it differently.
import { PypesError } from '@pypes/contract';

/** One request's destination. */
export type Target = {
  readonly url: URL;
  readonly method: string;
  /** As a URL has it, without brackets. */
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
};

const LONGEST_URL = 16_384;

/**
 * @param base what a relative text is relative to
 * @throws PypesError `invalid_input` (no URL), `policy_denied` (another scheme, credentials)
 */
export function toTarget(method: string, text: string, base?: URL): Target {
  const url = parse(text, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw denied(`"${shown(text)}" is no http: or https: URL; nothing else leaves this host`);
  }
  if (url.username !== '' || url.password !== '') {
    throw denied(`The URL for ${url.host} carries credentials; send them in an authorization header`);
  }
  url.hash = '';
  const secure = url.protocol === 'https:';
  return {
    url,
    method,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    secure,
  };
}

/** `HOST:PORT`, as a rule has it. */
export function toAuthority({ host, port }: Pick<Target, 'host' | 'port'>): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Where the same origin asks, credentials may be sent again. */
export function isSameOrigin(one: Target, other: Target): boolean {
  return one.url.origin === other.url.origin;
}

/** Control characters and backslashes are what URL parsers disagree about. */
function parse(text: string, base: URL | undefined): URL {
  const [beforeQuery = ''] = text.split(/[?#]/, 1);
  if (text.length <= LONGEST_URL && !hasControls(text) && !beforeQuery.includes('\\')) {
    const url = URL.parse(text, base?.href);
    if (url !== null && url.host !== '') return url;
    if (url !== null) throw denied(`"${shown(text)}" is no http: or https: URL; nothing else leaves this host`);
  }
  throw new PypesError('invalid_input', `"${shown(text)}" is no URL; write it as https://HOST/PATH`);
}

function hasControls(text: string): boolean {
  return [...text].some((character) => character < ' ' || character === '\u007f');
}

function denied(message: string): PypesError {
  return new PypesError('policy_denied', message);
}

/** Without what could be a secret: the query and the credentials. */
function shown(text: string): string {
  return (text.split(/[?#]/, 1)[0] ?? '').replace(/\/\/[^/]*@/, '//…@').slice(0, 120);
}
