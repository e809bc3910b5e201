// pypes vault: the secrets of a root. Values come from standard input or a hidden prompt, and are never shown.
import { PypesError } from '@pypes/contract';
import { SECRET_TYPES, type SecretType } from '@pypes/host';
import { readVaultUsage } from '@pypes/stores/filesystem';
import type { Command } from 'commander';
import { parseWhole } from '../input.ts';
import { DEFAULT_ROOT } from '../local.ts';
import { style, toTable } from '../style.ts';
import { adviceFor, initVault, KEY_PLACES } from '../vault/init.ts';
import { openVault } from '../vault/open.ts';
import { readSecret } from '../vault/prompt.ts';
import { rotateVault } from '../vault/rotate.ts';

type Options = { readonly root: string; readonly json?: boolean };
type OfTenant = Options & { readonly tenant?: string };

/** Adds the command. */
export function registerVault(program: Command): void {
  const vault = program
    .command('vault')
    .summary('keep secrets for agents')
    .description('Keeps secrets, sealed with your key; an agent gets one only after: pypes grant PACK vault=NAME');
  const add = (usage: string, description: string) =>
    vault
      .command(usage)
      .description(description)
      .option('--root <folder>', 'where the vault is kept', DEFAULT_ROOT)
      .option('--json', 'as JSON');
  add('init', 'Makes the key: a file, or how to keep it in the environment or the keyring of the system.')
    .option('--in <place>', KEY_PLACES.join(', '), 'file')
    .action(init);
  add('set <name>', 'Stores a secret; its value comes from standard input, or is asked for.')
    .option('--type <type>', SECRET_TYPES.join(', '), 'api_key')
    .option('--tenant <name>', 'whose it is; a tenant has nothing but what is stored for it')
    .action(set);
  add('list', 'Lists secrets, without their values.').action(list);
  add('remove <name>', 'Removes a secret.')
    .option('--tenant <name>', "the tenant's; without it, the operator's own")
    .action(remove);
  add('rotate', 'Seals everything with a new key; the key before opens nothing any more.').action(rotate);
  add('usage [name]', 'Shows who used which secret, and when.')
    .option('--last <n>', 'how many uses', '20')
    .option('--tenant <name>', 'those for one tenant')
    .action(usage);
}

async function init(options: Options & { readonly in: string }): Promise<void> {
  if (!(KEY_PLACES as readonly string[]).includes(options.in)) {
    throw new PypesError('invalid_request', `--in takes ${KEY_PLACES.join(', ')}, got "${options.in}"`);
  }
  const advice = adviceFor(options.in);
  if (advice !== undefined) {
    say(options, { advice }, advice.join('\n'));
    return;
  }
  const made = await initVault(options.root, process.env);
  say(
    options,
    made,
    `${style('green', 'Wrote')} ${made.path} (key ${made.key_id})\nKeep a copy elsewhere: without it the secrets are lost.\nnext  pypes vault set NAME`,
  );
}

async function set(name: string, options: OfTenant & { readonly type: string }): Promise<void> {
  const value = await readSecret(`Value of ${name} (not shown)`);
  const secret = await openVault(options.root).set(name, options.type as SecretType, value, options.tenant);
  say(
    options,
    { secret },
    `${style('green', 'Stored')} ${name}${ofTenant(secret.tenant)} (${secret.type})\nlet a pack read it  pypes grant PACK vault=${name}`,
  );
}

async function list(options: Options): Promise<void> {
  const secrets = await openVault(options.root).list();
  const rows = secrets.map(({ name, type, tenant, updated_at, key_id }) => [
    name,
    type,
    updated_at,
    `key ${key_id}${ofTenant(tenant)}`,
  ]);
  say(options, { secrets }, rows.length === 0 ? 'No secrets; store one with: pypes vault set NAME' : toTable(rows));
}

async function remove(name: string, options: OfTenant): Promise<void> {
  if (!(await openVault(options.root).remove(name, options.tenant))) {
    throw new PypesError(
      'not_found',
      `The vault has no secret "${name}"${ofTenant(options.tenant)}; pypes vault list shows those that exist`,
    );
  }
  say(options, { removed: name }, `${style('green', 'Removed')} ${name}${ofTenant(options.tenant)}`);
}

function ofTenant(tenant: string | undefined): string {
  return tenant === undefined ? '' : ` of the tenant ${tenant}`;
}

async function rotate(options: Options): Promise<void> {
  const rotation = await rotateVault(options.root, process.env);
  const next = rotation.replaced
    ? 'The key file was replaced; renew your copy of it.'
    : `Put the new key in the ${rotation.source} now; the one before opens nothing any more.`;
  say(
    options,
    rotation,
    `${style('green', 'Sealed')} ${rotation.secrets} secrets with the key ${rotation.key_id}\n${next}`,
  );
}

const MOST_USES = 100_000;

async function usage(name: string | undefined, options: OfTenant & { readonly last: string }): Promise<void> {
  const last = parseWhole(options.last, '--last', 1, MOST_USES);
  const uses = await readVaultUsage(options.root, {
    last,
    ...(name === undefined ? {} : { name }),
    ...(options.tenant === undefined ? {} : { tenant: options.tenant }),
  });
  const rows = uses.map((use) => [use.time, use.name, use.pack_guid, use.agent, use.run_id, use.tenant ?? '']);
  say(options, { uses }, rows.length === 0 ? 'No uses so far' : toTable(rows));
}

function say(options: Options, facts: object, text: string): void {
  console.log(options.json === true ? JSON.stringify({ status: 'ok', ...facts }) : text);
}
