// Who may do what at an endpoint that is public: it starts closed, or somebody has said that it is open.
import { PypesError } from '@pypes/contract';
import type { ServiceAuth } from '../http/auth.ts';

const LEAST_TOKEN = 16;

/**
 * `PYPES_TOKEN` and `PYPES_OPEN`.
 *
 * @throws PypesError `invalid_request` where the endpoint would be open without anybody having said so
 */
export function readPublicAuth(environment: { readonly [name: string]: string | undefined }): ServiceAuth {
  const { PYPES_TOKEN: token = '', PYPES_OPEN: open = '' } = environment;
  if (open !== '' && open !== 'true' && open !== 'false')
    throw new PypesError('invalid_request', `PYPES_OPEN takes "true" or "false", got "${open.slice(0, 20)}"`);
  if (open === 'true') return { required: false, openDeploy: true, ...(token === '' ? {} : { operatorToken: token }) };
  if (token.length >= LEAST_TOKEN) return { required: true, operatorToken: token };
  const what = token === '' ? 'is not set' : `has fewer than ${LEAST_TOKEN} characters`;
  throw new PypesError(
    'invalid_request',
    `PYPES_TOKEN ${what}, and this endpoint is public; set it to the output of: openssl rand -hex 32, or let anybody deploy and call with PYPES_OPEN=true`,
  );
}
