// One mounted server: connected when first called, and trusted no further than what it says is what was pinned.

import type { Client } from '@modelcontextprotocol/client';
import { isJsonObject, type Json, type JsonObject, PypesError } from '@pypes/contract';
import { toPlainText } from '../../mcp/text.ts';
import { describeDifference, digestOfTool, toDefinition } from './difference.ts';
import type { PinnedServer, ServerAddress } from './pins.ts';

/** What a server says that its tools are. */
export type OfferedTools = ReadonlyMap<string, JsonObject>;

/** A call's listeners. */
export type ToolCall = {
  readonly signal: AbortSignal;
  readonly progress: (fraction: number, message?: string) => void;
};

/** A mounted server. */
export interface ServerConnection {
  /** @throws PypesError `agent_broken` where the tool is not what was pinned, `unavailable`, `handler_failed` */
  call(tool: string, args: JsonObject, call: ToolCall): Promise<Json>;
  /** Why a tool may not be used; known once the server has been asked. */
  refusal(tool: string): PypesError | undefined;
  /** Counts how often the answer to {@link refusal} may have changed. */
  readonly version: number;
  close(): Promise<void>;
}

const CONNECT_MS = 30_000;
const PROBE_MS = 5_000;
const DAY_MS = 86_400_000;
const MOST_TOOLS = 2_000;
const MOST_ERROR = 4_096;

/** A connection that is not made yet. */
export function createConnection(pinned: PinnedServer): ServerConnection {
  let connecting: Promise<Client> | undefined;
  let refusals: ReadonlyMap<string, PypesError> = new Map();
  let stale = true;
  let version = 0;

  async function connect(): Promise<Client> {
    const client = await connectTo(pinned.address, () => {
      stale = true;
    });
    client.onclose = () => {
      connecting = undefined;
      stale = true;
    };
    return client;
  }

  /** Asks the server what its tools are, after each connection and whenever it says that they changed. */
  async function verified(): Promise<Client> {
    connecting ??= connect().catch((error: unknown) => {
      connecting = undefined;
      throw unreachable(pinned, error);
    });
    const client = await connecting;
    if (!stale) return client;
    const offered = await listAll(client).catch((error: unknown) => {
      throw unreachable(pinned, error);
    });
    stale = false;
    const found = refusalsOf(pinned, offered);
    if (JSON.stringify([...found.keys()]) !== JSON.stringify([...refusals.keys()])) version += 1;
    refusals = found;
    return client;
  }

  return {
    get version() {
      return version;
    },
    refusal: (tool) => refusals.get(tool),
    async call(tool, args, { signal, progress }) {
      const client = await verified();
      const refused = refusals.get(tool);
      if (refused !== undefined) throw refused;
      const result = await client
        .callTool(
          { name: tool, arguments: args as { [key: string]: unknown } },
          {
            signal,
            timeout: DAY_MS,
            onprogress: ({ progress: done, total, message }) =>
              progress(total === undefined || total <= 0 ? 0 : Math.min(1, done / total), message),
          },
        )
        .catch((error: unknown) => {
          throw new PypesError('handler_failed', `"${tool}" of the server "${pinned.name}" failed: ${textOf(error)}`);
        });
      return toOutput(result as JsonObject, tool);
    },
    async close() {
      const client = await connecting?.catch(() => undefined);
      await client?.close().catch(() => undefined);
    },
  };
}

/** Connects, with no capability that would let the server ask anybody anything. @throws Error */
export async function connectTo(address: ServerAddress, onListChanged: () => void = () => undefined): Promise<Client> {
  const { Client, StreamableHTTPClientTransport } = await import('@modelcontextprotocol/client');
  const client = new Client(
    { name: 'pypes', version: '1' },
    {
      capabilities: {},
      versionNegotiation: { mode: 'auto', probe: { timeoutMs: PROBE_MS } },
      listChanged: { tools: { autoRefresh: false, onChanged: onListChanged } },
    },
  );
  if (address.kind === 'url') {
    const token = address.token_env === undefined ? undefined : process.env[address.token_env];
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const options = { requestInit: { headers, redirect: 'error' as const } };
    await client.connect(new StreamableHTTPClientTransport(new URL(address.url), options), { timeout: CONNECT_MS });
    return client;
  }
  const { StdioClientTransport, getDefaultEnvironment } = await import('@modelcontextprotocol/client/stdio');
  const named = address.env
    .map((name) => [name, process.env[name]] as const)
    .filter(([, value]) => value !== undefined);
  const env = { ...getDefaultEnvironment(), ...(Object.fromEntries(named) as Record<string, string>) };
  const { command, args } = address;
  await client.connect(new StdioClientTransport({ command, args: [...args], env, stderr: 'ignore' }), {
    timeout: CONNECT_MS,
  });
  return client;
}

/** Every tool of a server by its name. @throws PypesError `invalid_output` where there are too many */
export async function listAll(client: Client): Promise<OfferedTools> {
  const { tools } = await client.listTools();
  if (tools.length > MOST_TOOLS) {
    throw new PypesError('invalid_output', `The server has ${tools.length} tools, at most ${MOST_TOOLS} fit`);
  }
  return new Map(tools.map((tool) => [tool.name, toDefinition(tool as unknown as JsonObject)]));
}

function refusalsOf({ name, tools }: PinnedServer, offered: OfferedTools): ReadonlyMap<string, PypesError> {
  const refusals = new Map<string, PypesError>();
  for (const { name: tool, digest, definition } of tools) {
    const now = offered.get(tool);
    if (now !== undefined && digestOfTool(now) === digest) continue;
    const lines = now === undefined ? ['the server has it no more'] : describeDifference(definition, now);
    const message = `The tool "${tool}" of the server "${name}" is not what was said yes to; look at it, then: pypes add mcp ${name} --update`;
    refusals.set(
      tool,
      new PypesError('agent_broken', `${message}\n${lines.join('\n')}`, { details: { difference: lines } }),
    );
  }
  return refusals;
}

/** Structured content where there is some, text where there is nothing else, and whatever else there is as it is. */
function toOutput({ structuredContent, content, isError }: JsonObject, tool: string): Json {
  const blocks = Array.isArray(content) ? (content as readonly Json[]) : [];
  const texts = blocks.filter(
    (block): block is JsonObject & { readonly text: string } =>
      isJsonObject(block) && block.type === 'text' && typeof block.text === 'string',
  );
  const text = texts.map((block) => block.text).join('\n');
  if (isError === true) throw new PypesError('handler_failed', toPlainText(text || `"${tool}" failed`, MOST_ERROR));
  if (structuredContent !== undefined) return structuredContent;
  return texts.length === blocks.length ? text : { content: blocks };
}

function unreachable({ name, address }: PinnedServer, error: unknown): PypesError {
  const where = address.kind === 'url' ? address.url : address.command;
  return new PypesError('unavailable', `The MCP server "${name}" (${where}) does not answer: ${textOf(error)}`);
}

function textOf(error: unknown): string {
  return toPlainText(error instanceof Error ? error.message : String(error), MOST_ERROR);
}
