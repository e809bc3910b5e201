// The MCP clients that Pypes knows how to configure: where their file is, and how a server stands in it.
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '@pypes/contract';

/** A server as a client is to know it. */
export type Connection =
  | { readonly kind: 'command'; readonly command: string; readonly args: readonly string[] }
  | { readonly kind: 'url'; readonly url: string; readonly withToken: boolean };

/** One client. */
export type ClientKind = {
  readonly title: string;
  /** The file for every project, and the one of a project where the client has one. */
  readonly file: (home: string, platform: NodeJS.Platform) => string;
  readonly projectFile?: string;
  /** The key below which servers stand. */
  readonly key: string;
  /** How the client puts a variable of the environment into a value; undefined: it cannot. */
  readonly variable?: (name: string) => string;
  /** How an address stands in its file. */
  readonly url: (url: string, headers: JsonObject | undefined) => JsonObject;
  readonly type?: string;
};

const TOKEN_VARIABLE = 'PYPES_TOKEN';
const http = (url: string, headers: JsonObject | undefined): JsonObject => ({
  type: 'http',
  url,
  ...(headers === undefined ? {} : { headers }),
});

/** By the name on the command line. */
export const CLIENTS: { readonly [name: string]: ClientKind } = {
  claude: {
    title: 'Claude Code',
    file: (home) => join(home, '.claude.json'),
    projectFile: '.mcp.json',
    key: 'mcpServers',
    variable: (name) => `\${${name}}`,
    url: http,
  },
  'claude-desktop': {
    title: 'Claude Desktop',
    file: (home, platform) =>
      join(
        platform === 'darwin'
          ? join(home, 'Library/Application Support')
          : platform === 'win32'
            ? join(home, 'AppData/Roaming')
            : join(home, '.config'),
        'Claude/claude_desktop_config.json',
      ),
    key: 'mcpServers',
    url: http,
  },
  cursor: {
    title: 'Cursor',
    file: (home) => join(home, '.cursor/mcp.json'),
    projectFile: '.cursor/mcp.json',
    key: 'mcpServers',
    variable: (name) => `\${env:${name}}`,
    url: (url, headers) => ({ url, ...(headers === undefined ? {} : { headers }) }),
  },
  vscode: {
    title: 'Visual Studio Code',
    file: (home, platform) =>
      join(
        platform === 'darwin'
          ? join(home, 'Library/Application Support')
          : platform === 'win32'
            ? join(home, 'AppData/Roaming')
            : join(home, '.config'),
        'Code/User/mcp.json',
      ),
    projectFile: '.vscode/mcp.json',
    key: 'servers',
    variable: (name) => `\${env:${name}}`,
    url: http,
    type: 'stdio',
  },
  windsurf: {
    title: 'Windsurf',
    file: (home) => join(home, '.codeium/windsurf/mcp_config.json'),
    key: 'mcpServers',
    variable: (name) => `\${env:${name}}`,
    url: (url, headers) => ({ serverUrl: url, ...(headers === undefined ? {} : { headers }) }),
  },
  gemini: {
    title: 'Gemini CLI',
    file: (home) => join(home, '.gemini/settings.json'),
    projectFile: '.gemini/settings.json',
    key: 'mcpServers',
    variable: (name) => `$${name}`,
    url: (url, headers) => ({ httpUrl: url, ...(headers === undefined ? {} : { headers }) }),
  },
};

/** Where a client's file is. */
export function fileOf(client: ClientKind, project: boolean, folder: string): string | undefined {
  if (!project) return client.file(homedir(), process.platform);
  return client.projectFile === undefined ? undefined : join(folder, client.projectFile);
}

/** A server's entry. A token is named by its variable, never written: files are copied, and checked in. */
export function entryOf(client: ClientKind, connection: Connection): JsonObject {
  if (connection.kind === 'url') {
    const { url, withToken } = connection;
    const value = client.variable?.(TOKEN_VARIABLE) ?? `<the value of ${TOKEN_VARIABLE}>`;
    return client.url(url, withToken ? { Authorization: `Bearer ${value}` } : undefined);
  }
  const { command, args } = connection;
  return { ...(client.type === undefined ? {} : { type: client.type }), command, args };
}
