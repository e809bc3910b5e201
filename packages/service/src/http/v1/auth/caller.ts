// Who asks, and for which tenant: read from the headers, once for each request (spec 5, auth).
import { PypesError, toTenant } from '@pypes/contract';
import type { RunsScope } from '@pypes/contract/runs';
import type { ServiceAuth } from '../../auth.ts';
import { findToken, type KnownToken, knowTokens, type RunsAuth, type StaticToken } from './tokens.ts';

/** Who asks: `tenant` is empty for none. */
export type Caller = { readonly tenant: string };

/** Reads who asks. @throws PypesError `unauthorized`, `forbidden`, `invalid_request` */
export type ReadCaller = (request: Request, scope: RunsScope) => Promise<Caller>;

/**
 * The reader of callers. The service's operator token may do everything, also beside other tokens.
 *
 * @throws PypesError `invalid_request` for tokens that are none
 */
export function createReadCaller(auth: RunsAuth | undefined, service: ServiceAuth): ReadCaller {
  const own = auth ?? (service.required ? { type: 'static_token', tokens: [] } : { type: 'none' });
  if (own.type === 'none') return async (request) => ({ tenant: readTenant(request) ?? '' });
  const tokens = knowTokens([...own.tokens, ...operatorTokens(service.operatorToken)]);
  return async (request, scope) => {
    const token = await readToken(request, await tokens);
    if (!token.scopes.has(scope) && !token.scopes.has('admin')) {
      throw new PypesError('forbidden', `The token "${token.name}" does not have the scope "${scope}"`);
    }
    return { tenant: tenantOf(token, readTenant(request)) };
  };
}

function operatorTokens(token: string | undefined): readonly StaticToken[] {
  return token === undefined || token === '' ? [] : [{ name: 'operator', token, scopes: ['admin'] }];
}

async function readToken(request: Request, tokens: readonly KnownToken[]): Promise<KnownToken> {
  const text = /^Bearer +(\S+) *$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  if (text === undefined) {
    throw new PypesError('unauthorized', 'The service asks for a token: Authorization: Bearer …');
  }
  const token = await findToken(tokens, text);
  if (token === undefined) throw new PypesError('unauthorized', 'The service does not know this token');
  return token;
}

/** The tenant that a request names; undefined for none. */
function readTenant(request: Request): string | undefined {
  const name = request.headers.get('x-tenant-id');
  if (name === null) return undefined;
  if (name === '')
    throw new PypesError('invalid_request', 'X-Tenant-Id is empty; leave it out where there is no tenant');
  return toTenant(name);
}

function tenantOf({ name, tenants }: KnownToken, wanted: string | undefined): string {
  if (tenants === '*') return wanted ?? '';
  if (wanted === undefined && tenants.length === 1) return tenants[0] as string;
  if (tenants.includes(wanted ?? '')) return wanted ?? '';
  const asked =
    wanted === undefined
      ? 'does not say for which tenant it speaks; send X-Tenant-Id'
      : `may not use the tenant "${wanted}"`;
  throw new PypesError('forbidden', `The token "${name}" ${asked}`);
}
