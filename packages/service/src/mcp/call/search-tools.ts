// The two tools of large catalogues: one finds tools by words, the other calls what was found.
import { type CallToolResult, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import { isJsonObject, type JsonObject } from '@pypes/contract';
import { CALL_TOOL, SEARCH_TOOL } from '../catalog/offers.ts';
import type { McpCore } from '../core.ts';
import type { Exchange } from './exchange.ts';

const DEFAULT_FOUND = 5;
const MOST_FOUND = 20;
const MOST_CHARACTERS = 32_000;

/** The two, as `tools/list` says them. */
export const SEARCH_TOOLS: readonly JsonObject[] = [
  {
    name: CALL_TOOL,
    description: `Calls a tool that ${SEARCH_TOOL} found, with arguments that fit its input_schema.`,
    inputSchema: {
      type: 'object',
      properties: {
        name: { type: 'string', description: `The tool's name, as ${SEARCH_TOOL} gave it` },
        arguments: { type: 'object', description: 'Its arguments' },
      },
      required: ['name'],
      additionalProperties: false,
    },
  },
  {
    name: SEARCH_TOOL,
    description: 'Finds tools by what they do. Gives names, descriptions and input schemas, the best match first.',
    inputSchema: {
      type: 'object',
      properties: {
        query: { type: 'string', description: 'Words that say what is to be done, or the name of a tool' },
        limit: { type: 'integer', minimum: 1, maximum: MOST_FOUND, description: `How many; default ${DEFAULT_FOUND}` },
      },
      required: ['query'],
      additionalProperties: false,
    },
    annotations: { readOnlyHint: true, openWorldHint: false },
  },
];

/** Answers a search. @throws ProtocolError for arguments that are none */
export async function callSearch(core: McpCore, args: JsonObject, { caller }: Exchange): Promise<CallToolResult> {
  const { query, limit = DEFAULT_FOUND } = args;
  if (typeof query !== 'string' || typeof limit !== 'number') {
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      `${SEARCH_TOOL} takes {"query": "words", "limit"?: 1 to ${MOST_FOUND}}`,
    );
  }
  const offers = await core.catalogs.read(caller);
  const names = offers.search()(query, Math.max(1, Math.min(MOST_FOUND, Math.trunc(limit))));
  const tools: JsonObject[] = [];
  let left = MOST_CHARACTERS;
  for (const name of names) {
    const { definition } = offers.tools.get(name) ?? {};
    if (definition === undefined) continue;
    const tool = { name, description: definition.description, input_schema: definition.inputSchema };
    left -= JSON.stringify(tool).length;
    if (left < 0 && tools.length > 0) break;
    tools.push(tool);
  }
  return { content: [{ type: 'text', text: JSON.stringify({ tools, tool_count: offers.tools.size }) }] };
}

/** What a call through the second tool is a call of. @throws ProtocolError */
export function unwrapCall({ name, arguments: args = {} }: JsonObject): {
  readonly name: string;
  readonly args: JsonObject;
} {
  if (typeof name === 'string' && isJsonObject(args)) return { name, args };
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, `${CALL_TOOL} takes {"name": "a tool", "arguments"?: {…}}`);
}
