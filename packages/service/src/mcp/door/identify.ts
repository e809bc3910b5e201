// Who sent a request: by the bearer token and a header, never by what is in the body.
import { type PackManifest, PypesError, toGuid } from '@pypes/contract';
import type { Host } from '@pypes/host';
import { type Credentials, NOTHING_ASKED, readCredentials, type ServiceAuth } from '../../http/auth.ts';
import type { WireRequest } from '../../http/wire-request.ts';
import type { McpCaller } from '../caller.ts';

/** The header that names a user; the client's configuration sets it, which a model does not write. */
export const USER_HEADER = 'pypes-user';

const ANYBODY = 'anybody';

/**
 * At once where there is no token and none is asked for.
 *
 * @throws PypesError `unauthorized` where a token is asked for and there is none, or one that opens nothing
 */
export function identify(request: WireRequest, auth: ServiceAuth, host: Host): McpCaller | Promise<McpCaller> {
  const header = request.headers.get('authorization');
  if (header === null && auth.required) {
    throw new PypesError('unauthorized', 'This service asks for a token: Authorization: Bearer …');
  }
  const userGuid = toGuid(request.headers.get(USER_HEADER));
  return header === null
    ? toCaller(ANYBODY, NOTHING_ASKED, false, userGuid)
    : identifyByToken(request, header, userGuid, auth, host);
}

async function identifyByToken(
  request: WireRequest,
  header: string,
  userGuid: string | undefined,
  auth: ServiceAuth,
  host: Host,
): Promise<McpCaller> {
  const credentials = await readCredentials(request, auth);
  const caller = toCaller(await digest(header.trim()), credentials, isOperator(credentials, auth), userGuid);
  if (auth.required && !caller.operator && !(await host.list()).some(({ manifest }) => caller.mayUse(manifest))) {
    throw new PypesError('unauthorized', 'The token opens nothing here');
  }
  return caller;
}

function toCaller(scope: string, credentials: Credentials, operator: boolean, userGuid: string | undefined): McpCaller {
  const mayUse = (manifest: PackManifest) => passes(() => credentials.checkPack(manifest));
  return userGuid === undefined ? { scope, operator, mayUse } : { scope, operator, mayUse, userGuid };
}

/** The operator's token itself: where none is asked for, being on this machine makes nobody its operator. */
function isOperator(credentials: Credentials, auth: ServiceAuth): boolean {
  if (auth.operatorToken === undefined || auth.operatorToken === '') return false;
  const nobodys = { schema: '', pack_guid: '', name: '', token_sha256: 'x' } as unknown as PackManifest;
  return passes(() => credentials.checkPack(nobodys));
}

function passes(check: () => void): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}

async function digest(text: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
