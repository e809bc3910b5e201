// Mounted servers in a host: each is a pack, each of its tools an agent behind the same guard as any other.
import { statSync } from 'node:fs';
import {
  type AgentMetadata,
  isJsonObject,
  type Json,
  type JsonObject,
  type LoadedAgent,
  PACK_SCHEMA_ID,
  type PackManifest,
  type PackStore,
  PypesError,
  parseAgentMetadata,
  type Runtime,
  type SourceFile,
  toToolAliases,
} from '@pypes/contract';
import { createConnection, type ServerConnection } from './connection.ts';
import { digestOfTool } from './difference.ts';
import { type PinnedServer, pinsFile, readPins } from './pins.ts';

/** What a host needs for mounted servers. */
export type McpMount = { readonly over: (base: PackStore) => PackStore; readonly runtime: Runtime };

/** The ending of a file that stands for one tool. */
const ENDING = '.mcp';
/** Nobody knows what a server reads, or where it sends what it is given. */
const LABELS: Json = { '*': { reads: ['private', 'untrusted'], sends: ['network', 'destructive'] } };

/** The servers that are pinned below `root`. */
export function mountServers(root: string): McpMount {
  const connections = new Map<string, { readonly key: string; readonly connection: ServerConnection }>();
  const seen = new Map<string, string>();

  /** A server that was pinned anew is connected to anew. */
  function connectionOf(pinned: PinnedServer): ServerConnection {
    const key = JSON.stringify([pinned.address, pinned.tools.map(({ digest }) => digest)]);
    const known = connections.get(pinned.name);
    if (known?.key === key) return known.connection;
    void known?.connection.close();
    const connection = createConnection(pinned);
    connections.set(pinned.name, { key, connection });
    return connection;
  }

  async function find(guid: string): Promise<PinnedServer | undefined> {
    return (await readPins(root)).find(({ pack_guid }) => pack_guid === guid);
  }

  function stampOf(pinned: PinnedServer | undefined): string {
    const file = statSync(pinsFile(root), { throwIfNoEntry: false, bigint: true })?.mtimeNs ?? '';
    return `${file} ${pinned === undefined ? '' : connectionOf(pinned).version}`;
  }

  const known = new Map<string, PinnedServer>();

  return {
    over: (base) => ({
      ...base,
      async get(guid) {
        const pinned = await find(guid);
        if (pinned === undefined) return base.get(guid);
        known.set(guid, pinned);
        const stamp = stampOf(pinned);
        seen.set(guid, stamp);
        return { manifest: manifestOf(pinned), files: filesOf(pinned), revision: `${stamp} ${pinned.added_at}` };
      },
      async list() {
        const [stored, pins] = await Promise.all([base.list(), readPins(root)]);
        return [...stored, ...pins.map(manifestOf)].sort((a, b) => (a.pack_guid < b.pack_guid ? -1 : 1));
      },
      changed(guid) {
        const stamp = seen.get(guid);
        return (stamp !== undefined && stamp !== stampOf(known.get(guid))) || base.changed?.(guid) === true;
      },
      async put(guid, pack) {
        await refuseMounted(guid, 'replaced by a deploy; pypes add mcp --update takes what the server has now');
        await base.put(guid, pack);
      },
      async remove(guid) {
        await refuseMounted(guid, 'removed over the wire; pypes add mcp --remove does');
        return base.remove(guid);
      },
    }),
    runtime: {
      name: 'mcp',
      extensions: [ENDING],
      // A file names a server that the operator mounted, and one of its tools: it brings nothing that could run here.
      capabilities: { sandboxed: true, interruptible: true, context: false },
      load: async (file) => [await loadTool(file, find, connectionOf)],
      async close() {
        await Promise.all([...connections.values()].map(({ connection }) => connection.close()));
      },
    },
  };

  async function refuseMounted(guid: string, what: string): Promise<void> {
    if ((await find(guid)) === undefined) return;
    throw new PypesError('forbidden', `The pack ${guid} is a mounted MCP server and is not ${what}`);
  }
}

/** Reads the tool that a file stands for; the pins say what it is, not the file. */
async function loadTool(
  file: SourceFile,
  find: (guid: string) => Promise<PinnedServer | undefined>,
  connectionOf: (pinned: PinnedServer) => ServerConnection,
): Promise<LoadedAgent> {
  const pinned = await find(file.packGuid);
  const name = nameIn(file.bytes);
  const tool = pinned?.tools.find((each) => each.name === name);
  if (pinned === undefined || tool === undefined) {
    throw new PypesError('agent_broken', `"${file.path}" is no tool of a mounted server; pypes add mcp mounts one`);
  }
  if (digestOfTool(tool.definition) !== tool.digest) {
    throw new PypesError(
      'agent_broken',
      `The pin of "${tool.name}" is damaged: its digest is another one; pypes add mcp ${pinned.name} --update`,
    );
  }
  const refused = connectionOf(pinned).refusal(tool.name);
  if (refused !== undefined) throw refused;
  return {
    metadata: metadataOf(tool.definition),
    run: (context, args) =>
      connectionOf(pinned).call(tool.name, args, {
        signal: context.signal,
        progress: (fraction, message) => context.progress(fraction, message),
      }),
    close: async () => undefined,
  };
}

function metadataOf({ name, title, description, inputSchema, outputSchema }: JsonObject): AgentMetadata {
  return parseAgentMetadata({
    name,
    ...(typeof title === 'string' ? { title } : {}),
    description: typeof description === 'string' ? description : '',
    ...(isJsonObject(inputSchema) ? { parameters: inputSchema } : {}),
    ...(isJsonObject(outputSchema) ? { returns: outputSchema } : {}),
  });
}

function manifestOf({ name, pack_guid, address, added_at }: PinnedServer): PackManifest {
  return {
    schema: PACK_SCHEMA_ID,
    pack_guid,
    name,
    purpose: `The tools of the MCP server ${address.kind === 'url' ? address.url : address.command}`,
    created_at: added_at,
    created_by: 'pypes add mcp',
    sealed: true,
    labels: LABELS,
  };
}

function filesOf({ tools }: PinnedServer) {
  const aliases = toToolAliases(tools.map(({ name }) => name));
  const encoder = new TextEncoder();
  return tools.map(({ name, digest }) => ({
    filename: `${aliases.get(name) ?? name}${ENDING}`,
    bytes: encoder.encode(JSON.stringify({ tool: name, digest })),
  }));
}

function nameIn(bytes: Uint8Array): Json | undefined {
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as Json;
    return isJsonObject(value) ? value.tool : undefined;
  } catch {
    return undefined;
  }
}
