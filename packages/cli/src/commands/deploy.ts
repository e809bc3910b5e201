// pypes deploy: a folder or a bundle to an endpoint.
import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createClient, type PackBundle, PypesError } from '@pypes/contract';
import type { Command } from 'commander';
import { parseAddress, parseJsonObject } from '../input.ts';
import { style } from '../style.ts';
import { bundleFolder } from './bundle.ts';

type DeployOptions = {
  readonly to: string;
  readonly token?: string;
  readonly guid?: string;
  readonly name?: string;
  readonly json?: boolean;
};

/** Adds the command. */
export function registerDeploy(program: Command): void {
  program
    .command('deploy')
    .summary('deploy a folder or a bundle')
    .description('Deploys FOLDER, or a pack/1.0 bundle file, to an endpoint.')
    .argument('<folder|bundle>', 'folder of agent files, or a bundle file')
    .option('--to <url>', 'the endpoint', process.env.PYPES_URL ?? 'http://127.0.0.1:7080')
    .option('--token <token>', 'token for the endpoint', process.env.PYPES_TOKEN)
    .option('--guid <guid>', 'the pack to update in place')
    .option('--name <name>', "the pack's name")
    .option('--json', 'as JSON')
    .action(deploy);
}

async function deploy(path: string, options: DeployOptions): Promise<void> {
  const bundle = await readBundle(path, options);
  const client = createClient({
    baseUrl: parseAddress(options.to, '--to'),
    ...(options.token === undefined ? {} : { token: options.token }),
  });
  const answer = await client.deploy(bundle);
  if (options.json === true) {
    console.log(JSON.stringify(answer));
    return;
  }
  console.log(`${style('green', 'Deployed')} ${answer.name}: ${answer.agent_count} files`);
  for (const { filename, reason } of answer.skipped ?? [])
    console.log(`${style('yellow', 'skipped')} ${filename}: ${reason}`);
  console.log(`guid   ${answer.pack_guid}\ncall   POST ${answer.pack_url}\nstate  GET ${answer.info_url}`);
  if (answer.pack_token !== undefined) console.log(`token  ${answer.pack_token}  (shown this once)`);
}

async function readBundle(path: string, options: DeployOptions): Promise<PackBundle> {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new PypesError('invalid_request', `"${path}" does not exist`);
  if (found.isDirectory()) return bundleFolder(path, options);
  const bundle = parseJsonObject(await readFile(path, 'utf8'), `The file "${path}"`) as unknown as PackBundle;
  return {
    ...bundle,
    ...(options.guid === undefined ? {} : { pack_guid: options.guid }),
    ...(options.name === undefined ? {} : { name: options.name }),
  };
}
