// MCP servers that an operator mounted: how each is reached, and every tool as it was when the operator said yes.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isJsonObject, type Json, type JsonObject, PypesError } from '@pypes/contract';

/** How a server is reached. Secrets are named by their variable of the environment, never kept. */
export type ServerAddress =
  | { readonly kind: 'url'; readonly url: string; readonly token_env?: string }
  | {
      readonly kind: 'command';
      readonly command: string;
      readonly args: readonly string[];
      readonly env: readonly string[];
    };

/** A tool as it was. */
export type PinnedTool = { readonly name: string; readonly digest: string; readonly definition: JsonObject };

/** A server as a pack. */
export type PinnedServer = {
  readonly name: string;
  readonly pack_guid: string;
  readonly address: ServerAddress;
  readonly tools: readonly PinnedTool[];
  /** ISO 8601. */
  readonly added_at: string;
};

const FILE = 'mcp-servers.json';
const FORMAT = 'pypes-mcp-servers/1';

/** Where the pins are. */
export function pinsFile(root: string): string {
  return join(root, FILE);
}

/** @throws PypesError `unavailable` where the file is damaged */
export async function readPins(root: string): Promise<readonly PinnedServer[]> {
  const path = pinsFile(root);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return [];
    throw error;
  }
  const value = parse(text);
  if (isJsonObject(value) && value.format === FORMAT && Array.isArray(value.servers)) {
    return value.servers as unknown as readonly PinnedServer[];
  }
  throw new PypesError('unavailable', `The file ${path} is damaged; remove it, and add the servers again`);
}

/** Replaces the pins in one step; the one of this name is put in, or taken out. */
export async function writePin(root: string, name: string, pin: PinnedServer | undefined): Promise<void> {
  const others = (await readPins(root)).filter((each) => each.name !== name);
  const servers = [...others, ...(pin === undefined ? [] : [pin])].sort((a, b) => (a.name < b.name ? -1 : 1));
  const path = pinsFile(root);
  await mkdir(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}`;
  await writeFile(beside, `${JSON.stringify({ format: FORMAT, servers }, null, 2)}\n`, { mode: 0o600, flush: true });
  await rename(beside, path);
}

/** One guid for a name, so that memory, grants and policies outlive a new pin. */
export function guidOfServer(name: string): string {
  const hex = createHash('sha256').update(`pypes-mcp\n${name}`).digest('hex');
  const variant = ((Number.parseInt(hex[16] as string, 16) & 3) | 8).toString(16) + hex.slice(17, 20);
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, variant, hex.slice(20, 32)].join('-');
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
