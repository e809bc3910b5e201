// Tokens of the `/v1` doors: named, scoped, bound to tenants, known by their digests alone (spec 5, auth).
import { PypesError, toTenant } from '@pypes/contract';
import { RUNS_SCOPES, type RunsScope } from '@pypes/contract/runs';

/** A token: itself, or better the SHA-256 of it as 64 hexadecimal digits. */
export type StaticToken = {
  /** What logs call it. */
  readonly name: string;
  readonly scopes: readonly RunsScope[];
  /** The tenants that it may speak for, `''` being none; `*` or absent: all. */
  readonly tenants?: readonly string[] | '*';
} & ({ readonly token: string } | { readonly sha256: string });

/** Who may use the `/v1` doors. `none` is for services that only this machine can reach. */
export type RunsAuth =
  | { readonly type: 'none' }
  | { readonly type: 'static_token'; readonly tokens: readonly StaticToken[] };

/** A token as it is kept. */
export type KnownToken = {
  readonly name: string;
  readonly digest: string;
  readonly scopes: ReadonlySet<RunsScope>;
  readonly tenants: readonly string[] | '*';
};

/**
 * Checks and digests the tokens.
 *
 * @throws PypesError `invalid_request` that names the token and what is wrong with it
 */
export function knowTokens(tokens: readonly StaticToken[]): Promise<readonly KnownToken[]> {
  for (const token of tokens) checkToken(token);
  return Promise.all(
    tokens.map(async (token) => ({
      name: token.name,
      digest: 'sha256' in token ? token.sha256.toLowerCase() : await digestOf(token.token),
      scopes: new Set(token.scopes),
      tenants: token.tenants ?? '*',
    })),
  );
}

/** The token with that text. All are compared, each to its end, so that the time taken tells nothing. */
export async function findToken(tokens: readonly KnownToken[], text: string): Promise<KnownToken | undefined> {
  const given = await digestOf(text);
  let found: KnownToken | undefined;
  for (const token of tokens) {
    if (isSame(token.digest, given)) found = token;
  }
  return found;
}

function isSame(known: string, given: string): boolean {
  let difference = known.length ^ given.length;
  for (let index = 0; index < given.length; index++) difference |= known.charCodeAt(index) ^ given.charCodeAt(index);
  return difference === 0;
}

function checkToken(token: StaticToken): void {
  const wrong = (what: string) => new PypesError('invalid_request', `The token "${token.name}" ${what}`);
  if (token.name === '') throw new PypesError('invalid_request', 'A token has no name; logs call it by one');
  if ('sha256' in token && !/^[0-9a-fA-F]{64}$/.test(token.sha256)) {
    throw wrong('has a sha256 that is none; write 64 hexadecimal digits');
  }
  if ('token' in token && !/^\S+$/.test(token.token)) throw wrong('is empty or has spaces, so that nobody can send it');
  const unknown = token.scopes.find((scope) => !RUNS_SCOPES.includes(scope));
  if (unknown !== undefined) throw wrong(`has the scope "${unknown}"; there are ${RUNS_SCOPES.join(', ')}`);
  if (token.tenants !== undefined && token.tenants !== '*') token.tenants.forEach(toTenant);
}

async function digestOf(text: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
