// Answers a registry's 401: basic credentials, or a token for them, sent to nobody but the registry's own site.
import { isJsonObject } from '@pypes/contract';
import { fault } from '../faults.ts';
import { type DownloadLimits, download, type Fetch } from '../http/download.ts';

/** A name and a password or token. */
export type Credentials = { readonly username: string; readonly password: string };

const MOST_TOKEN_BYTES = 64 * 1024;

/**
 * The Authorization header that a challenge asks for; undefined where there is nothing to answer it with.
 *
 * @param challenge the `WWW-Authenticate` header
 * @param scope what is to be done, as `repository:NAME:pull`
 * @throws PypesError with the reason `unreachable` where the token service is not the registry's, or refuses
 */
export async function answerChallenge(
  fetch: Fetch,
  origin: string,
  challenge: string,
  scope: string,
  credentials: Credentials | undefined,
  limits: DownloadLimits,
): Promise<string | undefined> {
  const { scheme, fields } = parseChallenge(challenge);
  if (scheme === 'basic') return credentials === undefined ? undefined : toBasic(credentials);
  if (scheme !== 'bearer' || fields.realm === undefined) return undefined;
  const realm = toRealm(fields.realm, origin);
  if (fields.service !== undefined) realm.searchParams.set('service', fields.service);
  realm.searchParams.set('scope', scope);
  const headers: { [name: string]: string } = credentials === undefined ? {} : { authorization: toBasic(credentials) };
  const bytes = await download(
    fetch,
    realm.href,
    { ...limits, maxBytes: MOST_TOKEN_BYTES },
    { headers, redirect: 'error' },
  );
  return `Bearer ${readToken(bytes, realm.host)}`;
}

/** Parses `Bearer realm="…",service="…"`. */
export function parseChallenge(text: string): {
  readonly scheme: string;
  readonly fields: { readonly [name: string]: string };
} {
  const [, scheme = '', rest = ''] = /^\s*([A-Za-z]+)\s*(.*)$/s.exec(text) ?? [];
  const fields: { [name: string]: string } = {};
  for (const [, name = '', quoted, plain] of rest.matchAll(/([A-Za-z_]+)=(?:"([^"]*)"|([^\s,]*))/g)) {
    fields[name.toLowerCase()] = quoted ?? plain ?? '';
  }
  return { scheme: scheme.toLowerCase(), fields };
}

/** A hostile registry must not name a token service of its choice: the realm is on the registry's host or domain. */
function toRealm(text: string, origin: string): URL {
  const registry = new URL(origin);
  const realm = URL.canParse(text, origin) ? new URL(text, origin) : undefined;
  const near =
    realm !== undefined && (realm.host === registry.host || toDomain(realm.hostname) === toDomain(registry.hostname));
  const safe = realm?.protocol === 'https:' || realm?.origin === registry.origin;
  if (realm !== undefined && near && safe) return realm;
  throw fault(
    'unreachable',
    `${registry.host} sends its users to "${text.slice(0, 100)}" for tokens, which is not its own site; no credentials were sent`,
  );
}

/** The last two labels of a name; an address is its own domain. */
function toDomain(hostname: string): string {
  return /^[\d.]+$|:/.test(hostname) ? hostname : hostname.split('.').slice(-2).join('.');
}

function readToken(bytes: Buffer, host: string): string {
  try {
    const json: unknown = JSON.parse(bytes.toString('utf8'));
    const token = isJsonObject(json) ? (json.token ?? json.access_token) : undefined;
    if (typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)) return token;
  } catch {
    // Said below.
  }
  throw fault('malformed', `${host} answers with no token`);
}

function toBasic({ username, password }: Credentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
