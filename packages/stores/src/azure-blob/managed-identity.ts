// The identity that Azure gives to an app: tokens from the endpoint that its environment names, so that no key is kept.
import { PypesError } from '@pypes/contract';

export type ManagedIdentityOptions = {
  readonly env: { readonly [name: string]: string | undefined };
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
};

type Token = { readonly token: string; readonly expiresOnTimestamp: number };

const VERSION = '2019-08-01';

/** A credential as the storage SDK wants it, which asks again when a token is nearly over. */
export function createManagedIdentity({ env, fetch }: ManagedIdentityOptions) {
  return {
    async getToken(scopes: string | string[]): Promise<Token> {
      const { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: secret, AZURE_CLIENT_ID: client } = env;
      if (endpoint === undefined || secret === undefined) throw unavailable('this app has none; assign it one');
      const resource = [scopes].flat()[0]?.replace(/\/\.default$/, '') ?? '';
      const url = new URL(endpoint);
      url.searchParams.set('api-version', VERSION);
      url.searchParams.set('resource', resource);
      if (client !== undefined) url.searchParams.set('client_id', client);
      const response = await fetch(url.href, { headers: { 'x-identity-header': secret } });
      if (!response.ok) throw unavailable(`its endpoint answers ${response.status}`);
      const { access_token: token, expires_on: expires } = (await response.json()) as {
        readonly [key: string]: unknown;
      };
      if (typeof token !== 'string') throw unavailable('its endpoint answers without a token');
      return { token, expiresOnTimestamp: Number(expires) * 1_000 };
    },
  };
}

function unavailable(reason: string): PypesError {
  return new PypesError('unavailable', `The managed identity of this app cannot be used: ${reason}`);
}
