// pypes list: the agents of folders or of an endpoint, with what is quarantined and shadowed.
import { createClient, type PackHealth, type Permissions } from '@pypes/contract';
import type { Command } from 'commander';
import { parseAddress } from '../input.ts';
import { foldersOrDefault, withHost } from '../local.ts';
import { style, toTable } from '../style.ts';

type ListOptions = {
  readonly url?: string;
  readonly token?: string;
  readonly root?: string;
  readonly all?: boolean;
  readonly json?: boolean;
};

type Row = { readonly name: string; readonly description: string; readonly file?: string; readonly tool?: string };
type Listing = Omit<PackHealth, 'agents' | 'status'> & { readonly agents: readonly Row[] };

/** Adds the command. */
export function registerList(program: Command): void {
  program
    .command('list')
    .summary('list agents')
    .description('Lists the agents in FOLDERs and of installed skills, or those of an endpoint.')
    .argument('[folder...]', 'folders of agent files (default: agents, else the current folder)')
    .option('--url <url>', 'an endpoint instead of folders')
    .option('--token <token>', 'token for the endpoint', process.env.PYPES_TOKEN)
    .option('--root <folder>', 'where packs and memory are kept')
    .option('--all', 'deployed packs too')
    .option('--json', 'as JSON')
    .action(list);
}

async function list(named: readonly string[], options: ListOptions): Promise<void> {
  const packs =
    options.url === undefined ? await listFolders(named, options) : await listEndpoint(options.url, options);
  if (options.json === true) console.log(JSON.stringify({ status: 'ok', packs }));
  else for (const pack of packs) console.log(toText(pack));
}

function listFolders(named: readonly string[], options: ListOptions): Promise<readonly Listing[]> {
  const folders = foldersOrDefault(named);
  return withHost({ folders, ...(options.root === undefined ? {} : { root: options.root }) }, async (host) => {
    const packs = await host.list();
    return Promise.all(
      packs
        .filter((pack) => pack.folder !== undefined || pack.manifest.skill !== undefined || options.all === true)
        .map(async (pack) => {
          const { guid, manifest, catalog } = pack;
          const view = await catalog.view();
          const agents = [...view.agents.values()].map((entry) => ({
            name: entry.name,
            description: entry.metadata.description,
            file: entry.version.path,
            ...(entry.alias === entry.name ? {} : { tool: entry.alias }),
          }));
          return {
            pack_guid: guid,
            name: manifest.name,
            purpose: String(manifest.purpose ?? ''),
            agent_count: agents.length,
            agents,
            quarantined: view.quarantined,
            shadowed: view.shadowed,
            ...(await host.trust(pack)),
          };
        }),
    );
  });
}

async function listEndpoint(url: string, options: ListOptions): Promise<readonly Listing[]> {
  const client = createClient({
    baseUrl: parseAddress(url, '--url'),
    ...(options.token === undefined ? {} : { token: options.token }),
  });
  const { packs } = await client.health();
  return Promise.all(
    packs.map(async ({ pack_guid }) => {
      const { status: _status, agents, ...pack } = await client.packHealth(pack_guid);
      return { ...pack, agents: agents.map((name) => ({ name, description: '' })) };
    }),
  );
}

function toText(pack: Listing): string {
  const lines = [`${style('bold', pack.name)}  ${style('dim', pack.pack_guid)}  ${pack.trust ?? ''}`.trimEnd()];
  lines.push(...toPermissionLines(pack));
  const rows = pack.agents.map(({ name, file, description }) => [`  ${name}`, file ?? '', firstLine(description)]);
  if (rows.length > 0) lines.push(toTable(rows));
  else lines.push('  no agents here; make one with: pypes new hello --lang python');
  for (const { error } of pack.quarantined ?? []) lines.push(`  ${style('red', 'quarantined')}  ${error}`);
  for (const { name, filename, by } of pack.shadowed ?? []) {
    lines.push(`  ${style('yellow', 'shadowed')}  ${name} of ${filename}, by ${by}`);
  }
  return lines.join('\n');
}

function toPermissionLines({ asks, granted, grant_suspended }: Listing): readonly string[] {
  const lines: string[] = [];
  if (asks !== undefined) lines.push(`  asks for ${toPermissionText(asks)}`);
  if (granted !== undefined && grant_suspended !== true) lines.push(`  granted ${toPermissionText(granted)}`);
  if (granted !== undefined && grant_suspended === true) {
    lines.push(
      `  ${style('yellow', 'grant suspended')}  the pack changed after it was granted ${toPermissionText(granted)}`,
    );
  }
  return lines;
}

function toPermissionText(permissions: Partial<Permissions>): string {
  return Object.entries(permissions)
    .map(([name, value]) => `${name}=${Array.isArray(value) ? value.join(',') : String(value)}`)
    .join(' ');
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}
