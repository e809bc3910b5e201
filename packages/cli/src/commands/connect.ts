// pypes connect: writes, or shows, the configuration with which an MCP client finds the agents here.
import { resolve } from 'node:path';
import { type JsonObject, PypesError } from '@pypes/contract';
import type { Command } from 'commander';
import { CLIENTS, type ClientKind, type Connection, entryOf, fileOf } from '../connect/clients.ts';
import { mergeServer, writeConfig } from '../connect/merge.ts';
import { DEFAULT_ROOT, foldersOrDefault } from '../local.ts';
import { style } from '../style.ts';

type ConnectOptions = {
  readonly url?: string;
  readonly name: string;
  readonly root: string;
  readonly token?: boolean;
  readonly project?: boolean;
  readonly write?: boolean;
  readonly json?: boolean;
};

const NAMES = Object.keys(CLIENTS);
const NAME = /^[a-zA-Z0-9_-]{1,64}$/;

/** Adds the command. */
export function registerConnect(program: Command): void {
  program
    .command('connect')
    .summary('configure an MCP client: claude, cursor, vscode, …')
    .description(
      `Shows what makes an MCP client use the agents in FOLDERs, or writes it into that client's file with --write. Clients: ${NAMES.join(', ')}.`,
    )
    .argument('<client>', NAMES.join(', '))
    .argument('[folder...]', 'folders of agent files (default: agents, else the current folder)')
    .option('--url <url>', 'a service that runs already, in the place of a process for this client alone')
    .option('--token', 'the service asks for a token, which the client finds in PYPES_TOKEN')
    .option('--name <name>', 'what the client calls the server', 'pypes')
    .option('--root <folder>', 'where packs and memory are kept', DEFAULT_ROOT)
    .option('--project', "this project's file in the place of the one for all projects")
    .option('--write', 'write the file; what else is in it stays')
    .option('--json', 'as JSON')
    .action(connect);
}

function connect(kind: string, folders: readonly string[], options: ConnectOptions): void {
  const client = Object.hasOwn(CLIENTS, kind) ? CLIENTS[kind] : undefined;
  if (client === undefined) {
    throw new PypesError('invalid_request', `There is no client "${kind}" here; there are ${NAMES.join(', ')}`);
  }
  if (!NAME.test(options.name)) {
    throw new PypesError('invalid_request', `--name takes letters, digits, - and _, got "${options.name}"`);
  }
  const file = fileOf(client, options.project === true, process.cwd());
  if (file === undefined) {
    throw new PypesError('invalid_request', `${client.title} has no file for one project; leave --project out`);
  }
  const entry = entryOf(client, connectionOf(folders, options));
  if (options.write === true) write(client, file, entry, options);
  else show(client, file, entry, options);
}

function connectionOf(folders: readonly string[], options: ConnectOptions): Connection {
  if (options.url === undefined) {
    if (options.token === true) throw new PypesError('invalid_request', '--token is for a service: --url');
    const bin = resolve(import.meta.dirname, '../../bin/pypes.mjs');
    const places = foldersOrDefault(folders).map((folder) => resolve(folder));
    // Clients start servers anywhere, with another PATH: everything is named in full.
    return {
      kind: 'command',
      command: process.execPath,
      args: [bin, 'mcp', ...places, '--root', resolve(options.root)],
    };
  }
  if (folders.length > 0)
    throw new PypesError('invalid_request', 'Either folders, or --url with the service that has them');
  return { kind: 'url', url: addressOf(options.url), withToken: options.token === true };
}

/** The address of a service is that of its MCP door. */
function addressOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new PypesError(
      'invalid_request',
      `--url takes the address of a service, http://127.0.0.1:7080 say; got "${text}"`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new PypesError('invalid_request', 'A password in the address would be written into the file; use --token');
  }
  if (url.pathname === '/') url.pathname = '/mcp';
  return url.href;
}

function show(client: ClientKind, file: string, entry: JsonObject, { name, json }: ConnectOptions): void {
  const snippet = { [client.key]: { [name]: entry } };
  if (json === true) {
    console.log(JSON.stringify({ status: 'ok', client: client.title, file, config: snippet, written: false }));
    return;
  }
  console.log(`${style('bold', client.title)} reads ${file}; this belongs into it (--write puts it there):\n`);
  console.log(JSON.stringify(snippet, null, 2));
}

function write(client: ClientKind, file: string, entry: JsonObject, { name, json }: ConnectOptions): void {
  const { text, before, changed } = mergeServer(file, client.key, name, entry);
  if (changed) writeConfig(file, text);
  if (json === true) {
    const config = { [client.key]: { [name]: entry } };
    console.log(JSON.stringify({ status: 'ok', client: client.title, file, config, written: changed }));
    return;
  }
  if (!changed) console.log(`${file} has "${name}" already, as it should be`);
  else if (before === undefined)
    console.log(`${file} has "${name}" now; restart ${client.title} or reload its servers`);
  else console.log(`${file} has another "${name}" now; before it was ${JSON.stringify(before)}`);
}
