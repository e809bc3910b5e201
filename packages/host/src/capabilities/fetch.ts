// The fetch operation of `context`: HTTP through the egress rules, with secrets put in where a header asks for them.
import { type Egress, isJsonObject, type Json, type JsonObject, parseNetworkRule, type Vault } from '@pypes/contract';
import { invalid, optionalText, textOf, toBytes, toContent } from './content.ts';
import { checkNeed } from './needs.ts';
import type { Perform, Use } from './operation.ts';
import { openSecret } from './secrets.ts';

const METHOD = /^[A-Z]{1,20}$/;
/** `{{vault:NAME}}` in a header's value stands for the secret: the agent needs not hold it to send it. */
const PLACEHOLDER = /\{\{vault:([^{}]+)\}\}/g;

/** The operation over an egress. */
export function fetchOperation(egress: Egress, vault: Vault | undefined): { readonly fetch: Perform } {
  return {
    fetch: async (use) => {
      const { operation, parameters, permissions, limits } = use;
      const url = textOf(operation, 'url', parameters);
      const method = (optionalText(operation, 'method', parameters) ?? 'GET').toUpperCase();
      if (!METHOD.test(method)) throw invalid(`fetch takes a method such as GET, got "${method.slice(0, 40)}"`);
      const headers = await withSecrets(readHeaders(parameters.headers), use, vault);
      const body = toBytes(operation, parameters);
      if (body !== undefined && (method === 'GET' || method === 'HEAD')) throw invalid(`${method} takes no body`);
      const leave = use.sockets.enter();
      try {
        const response = await egress.fetch(
          { method, url, headers, ...(body === undefined ? {} : { body }) },
          {
            rules: permissions.network.map(parseNetworkRule),
            signal: use.signal(),
            timeoutMs: limits.fetchMs,
            responseBytes: limits.fetchBytes,
            redirects: limits.fetchRedirects,
          },
        );
        return {
          status: response.status,
          status_text: response.statusText,
          url: response.url,
          headers: response.headers.map(([name, value]) => [name, value]),
          ...toContent(response.body),
        };
      } finally {
        leave();
      }
    },
  };
}

type Header = readonly [name: string, value: string];

/** An object, or a list of pairs where a name comes twice. */
function readHeaders(headers: Json | undefined): readonly Header[] {
  if (headers === undefined || headers === null) return [];
  const pairs: readonly Json[] = isJsonObject(headers) ? Object.entries(headers as JsonObject) : (headers as Json[]);
  if (!Array.isArray(pairs)) throw invalid('fetch takes headers as an object of texts');
  return pairs.map((pair) => {
    const [name, value] = Array.isArray(pair) ? (pair as readonly Json[]) : [];
    if (typeof name === 'string' && typeof value === 'string') return [name, value];
    if (typeof name === 'string' && typeof value === 'number') return [name, String(value)];
    throw invalid(`fetch takes headers as texts, got ${JSON.stringify(pair ?? null).slice(0, 80)}`);
  });
}

async function withSecrets(headers: readonly Header[], use: Use, vault: Vault | undefined): Promise<readonly Header[]> {
  const filled: Header[] = [];
  for (const [name, value] of headers) {
    const secrets = new Map<string, string>();
    for (const [, secret = ''] of value.matchAll(PLACEHOLDER)) {
      checkNeed('vault.get', use.permissions, { name: secret }, use.pack);
      secrets.set(secret, await openSecret(vault, secret, use));
    }
    // In one go, and not as a text: in a secret, neither `$&` nor another placeholder means anything.
    filled.push([name, value.replace(PLACEHOLDER, (_placeholder, secret: string) => secrets.get(secret) ?? '')]);
  }
  return filled;
}
