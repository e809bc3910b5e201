// tools/list without a detour: the text of a long list is made once, and not again for every client that asks.
import { PROTOCOL_VERSION_META_KEY } from '@modelcontextprotocol/server';
import { isJsonObject, type Json } from '@pypes/contract';
import type { Answer } from '../../http/answers.ts';
import type { WireRequest } from '../../http/wire-request.ts';
import type { McpCaller } from '../caller.ts';
import type { McpCore } from '../core.ts';
import { type ListMode, listsAll, PAGE } from '../server/lists.ts';
import { capabilitiesIn, MODERN } from './plain.ts';

const METHOD = 'tools/list';

/** Answers a plain question for all tools in 2026-07-28, or says with undefined that it is something else. */
export async function listModern(
  core: McpCore,
  request: WireRequest,
  caller: McpCaller,
  mode: ListMode,
  body: Json,
): Promise<Answer | undefined> {
  const { headers } = request;
  if (headers.get('mcp-method') !== METHOD || headers.get('mcp-protocol-version') !== MODERN) return undefined;
  if (!isJsonObject(body) || body.jsonrpc !== '2.0' || body.method !== METHOD || !isJsonObject(body.params))
    return undefined;
  const { id, params } = body;
  const { _meta: meta, ...rest } = params;
  if ((typeof id !== 'string' && !Number.isSafeInteger(id)) || Object.keys(rest).length > 0) return undefined;
  if (!isJsonObject(meta) || meta[PROTOCOL_VERSION_META_KEY] !== MODERN || capabilitiesIn(meta) === undefined)
    return undefined;
  const offers = await core.catalogs.read(caller);
  if (!listsAll(offers, mode, core.mostListed) || offers.tools.size > PAGE) return undefined;
  const about = JSON.stringify({
    resultType: 'complete',
    ttlMs: 0,
    cacheScope: 'private',
    _meta: core.meta,
  });
  const text = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"tools":${offers.listedText()},${about.slice(1)}}`;
  return { status: 200, headers: { 'content-type': 'application/json' }, body: text };
}
