// pypes call: one call of an agent, in a folder, in a file, or at an endpoint.
import { existsSync, statSync } from 'node:fs';
import { createClient, type Json, type JsonObject, PypesError } from '@pypes/contract';
import type { Host, Pack } from '@pypes/host';
import type { Command } from 'commander';
import { collect, parseAddress, parseJsonObject, parsePairs, parseWhole, readStandardInput } from '../input.ts';
import { foldersOrDefault, splitFile, withHost } from '../local.ts';
import { printOutput } from '../terminal.ts';

type CallOptions = {
  readonly arg: readonly string[];
  readonly folder: readonly string[];
  readonly url?: string;
  readonly pack?: string;
  readonly token?: string;
  readonly user?: string;
  readonly timeout?: string;
  readonly root?: string;
  readonly record?: boolean;
  readonly json?: boolean;
};

const LONGEST_CALL_MS = 86_400_000;

/** Adds the command. */
export function registerCall(program: Command): void {
  program
    .command('call')
    .summary('call an agent')
    .description('Calls an agent and prints its output. Arguments are JSON, or --arg key=value as often as needed.')
    .argument('<name>', 'the agent, or a file that holds one')
    .argument('[json]', 'arguments as a JSON object; - reads them from standard input')
    .option('--arg <key=value>', 'one argument', collect, [])
    .option('--folder <folder>', 'folder of agent files (default: agents, else the current folder)', collect, [])
    .option('--url <url>', 'an endpoint instead of folders')
    .option('--pack <pack>', 'guid or name of its pack (default: the first that has it, folders first)')
    .option('--token <token>', 'token for the endpoint', process.env.PYPES_TOKEN)
    .option('--user <guid>', 'whose memory the agent sees')
    .option('--timeout <ms>', 'time limit in milliseconds (default: 60000)')
    .option('--root <folder>', 'where packs and memory are kept')
    .option('--record', 'write down the call, with arguments and answers, for: pypes guard replay')
    .option('--json', 'print {status, output} instead of the output alone')
    .action(call);
}

async function call(name: string, json: string | undefined, options: CallOptions): Promise<void> {
  if (options.record === true && options.url !== undefined) {
    throw new PypesError('invalid_request', '--record is for calls made here; at an endpoint: pypes serve --record');
  }
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort(new PypesError('canceled', 'The call was canceled')));
  const given =
    json === undefined
      ? undefined
      : parseJsonObject(json === '-' ? await readStandardInput() : json, 'The argument JSON');
  const output =
    options.url === undefined
      ? await callHere(name, given, options, abort.signal)
      : await callEndpoint(options.url, name, given, options, abort.signal);
  if (options.json === true) console.log(JSON.stringify({ status: 'ok', output }));
  else printOutput(output);
}

async function callHere(
  name: string,
  given: JsonObject | undefined,
  options: CallOptions,
  signal: AbortSignal,
): Promise<Json> {
  const file = isFile(name) ? splitFile(name) : undefined;
  const folders = file === undefined ? foldersOrDefault(options.folder) : [file.folder];
  const where = { folders, ...(options.root === undefined ? {} : { root: options.root }) };
  return withHost({ ...where, record: options.record === true }, async (host) => {
    const { pack, agent } =
      file === undefined ? await findAgent(host, name, options.pack) : await findInFile(host, file.filename);
    const view = await pack.catalog.view();
    const schema = view.agents.get(agent)?.metadata.parameters ?? {};
    return host.call(pack, {
      agent,
      args: { ...given, ...parsePairs(options.arg, schema) },
      from: 'cli',
      signal,
      ...(options.user === undefined ? {} : { userGuid: options.user }),
      ...(options.timeout === undefined
        ? {}
        : { timeoutMs: parseWhole(options.timeout, '--timeout', 1, LONGEST_CALL_MS) }),
    });
  });
}

async function findAgent(host: Host, agent: string, wanted?: string): Promise<{ pack: Pack; agent: string }> {
  const all = await host.list();
  const packs = [
    ...all.filter(({ folder }) => folder !== undefined),
    ...all.filter(({ folder }) => folder === undefined),
  ].filter(({ guid, manifest }) => wanted === undefined || guid === wanted.toLowerCase() || manifest.name === wanted);
  if (packs.length === 0) {
    throw new PypesError('not_found', `No pack here is called "${wanted}"; pypes list --all shows what there is`, {
      details: { available: all.map(({ manifest }) => String(manifest.name)) },
    });
  }
  for (const pack of packs) if ((await pack.catalog.view()).agents.has(agent)) return { pack, agent };
  // Not there: the call itself says so, with the names that are.
  return { pack: packs[0] as Pack, agent };
}

async function findInFile(host: Host, filename: string): Promise<{ pack: Pack; agent: string }> {
  const pack = (await host.list())[0] as Pack;
  const view = await pack.catalog.view();
  const entries = [...view.agents.values()].filter((candidate) => candidate.version.path === filename);
  const [entry, ...others] = entries;
  if (others.length > 0) {
    const message = `"${filename}" holds ${entries.length} agents; name one, with --folder for the folder of the file`;
    throw new PypesError('invalid_request', message, { details: { available: entries.map(({ name }) => name) } });
  }
  if (entry !== undefined) return { pack, agent: entry.name };
  const broken = view.quarantined.find((file) => file.filename === filename);
  const shadow = view.shadowed.find((agent) => agent.filename === filename);
  if (shadow !== undefined)
    throw new PypesError('unknown_agent', `The agent of "${filename}" is shadowed by ${shadow.by}`);
  throw new PypesError(
    'agent_broken',
    broken?.error ?? `The file "${filename}" is no agent in a language that Pypes runs`,
  );
}

async function callEndpoint(
  url: string,
  name: string,
  given: JsonObject | undefined,
  options: CallOptions,
  signal: AbortSignal,
): Promise<Json> {
  const client = createClient({
    baseUrl: parseAddress(url, '--url'),
    ...(options.token === undefined ? {} : { token: options.token }),
  });
  const args = { ...given, ...parsePairs(options.arg, {}) };
  const guid = await findPack(client, name, options.pack);
  return client.call(guid, name, args, { signal, ...(options.user === undefined ? {} : { userGuid: options.user }) });
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function findPack(client: ReturnType<typeof createClient>, name: string, wanted?: string): Promise<string> {
  if (wanted !== undefined && GUID.test(wanted)) return wanted;
  const { packs: all } = await client.health();
  const packs = all.filter((pack) => wanted === undefined || pack.name === wanted);
  for (const { pack_guid } of packs) if ((await client.packHealth(pack_guid)).agents.includes(name)) return pack_guid;
  throw new PypesError(
    'unknown_agent',
    `No pack there${wanted === undefined ? '' : ` called "${wanted}"`} has an agent "${name}"; pypes list --url … shows what there is`,
  );
}

function isFile(name: string): boolean {
  return existsSync(name) && statSync(name).isFile();
}
