// The shape of a request in tests: what matters is named, the rest is plenty.
import { type EgressOptions, type EgressRequest, type EgressResponse, parseNetworkRule } from '@pypes/contract';
import { createEgress, type EgressSetup } from '../egress.ts';

export type Asking = Partial<Omit<EgressRequest, 'url'>> &
  Partial<Omit<EgressOptions, 'rules'>> & { readonly rules?: readonly string[]; readonly setup?: EgressSetup };

export async function ask(url: string, asking: Asking = {}): Promise<EgressResponse> {
  const { rules = ['*:*'], setup = {}, method = 'GET', headers = [], body } = asking;
  const egress = createEgress({
    resolve: async (host) => Promise.reject(Object.assign(new Error(host), { code: 'ENOTFOUND' })),
    ...setup,
  });
  try {
    return await egress.fetch(
      { method, url, headers, ...(body === undefined ? {} : { body }) },
      {
        rules: rules.map(parseNetworkRule),
        signal: asking.signal ?? new AbortController().signal,
        timeoutMs: asking.timeoutMs ?? 20_000,
        responseBytes: asking.responseBytes ?? 1_000_000,
        redirects: asking.redirects ?? 5,
      },
    );
  } finally {
    await egress.close();
  }
}

export const textOf = (response: EgressResponse): string => new TextDecoder().decode(response.body);

export const headerOf = (response: EgressResponse, name: string): string | undefined =>
  response.headers.find(([each]) => each === name)?.[1];
