// pypes bundle: a folder as one pack/1.0 bundle.
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { PACK_SCHEMA_ID, type PackBundle, PypesError } from '@pypes/contract';
import { createAgentFolder } from '@pypes/stores/filesystem';
import type { Command } from 'commander';

type BundleOptions = {
  readonly out?: string;
  readonly name?: string;
  readonly purpose?: string;
  readonly guid?: string;
  readonly json?: boolean;
};

const ENDINGS = /\.(py|lispy|lisp|js|mjs|ts)$/i;

/** Adds the command. */
export function registerBundle(program: Command): void {
  program
    .command('bundle')
    .summary('make a pack/1.0 bundle of a folder')
    .description('Prints (or writes) the agents of FOLDER as one pack/1.0 bundle.')
    .argument('<folder>', 'folder of agent files')
    .option('-o, --out <file>', 'write it there instead of to standard output')
    .option('--name <name>', "the pack's name (default: the folder's)")
    .option('--purpose <text>', 'what the pack is for')
    .option('--guid <guid>', 'the pack guid, for an update in place')
    .option('--json', 'with --out: say what was written as JSON')
    .action(bundle);
}

async function bundle(folder: string, options: BundleOptions): Promise<void> {
  const made = await bundleFolder(folder, options);
  const text = `${JSON.stringify(made, null, 2)}\n`;
  if (options.out === undefined) {
    process.stdout.write(text);
    return;
  }
  await writeFile(options.out, text);
  const said = { status: 'ok', file: options.out, agent_count: made.agents.length };
  console.log(options.json === true ? JSON.stringify(said) : `${said.agent_count} files in ${options.out}`);
}

/** A folder's agent files as a bundle; executables stay behind, since they only run in trusted folders. */
export async function bundleFolder(
  path: string,
  options: Omit<BundleOptions, 'out' | 'json'> = {},
): Promise<PackBundle> {
  const folder = createAgentFolder(path);
  try {
    const entries = (await folder.scan()).filter((entry) => ENDINGS.test(entry.path));
    if (entries.length === 0) throw new PypesError('invalid_request', `The folder "${path}" has no agent files`);
    const agents = await Promise.all(
      entries.map(async (entry) => {
        const bytes = (await folder.read(entry.path)) ?? new Uint8Array();
        const source = new TextDecoder().decode(bytes);
        return { filename: basename(entry.path), source, sha256: createHash('sha256').update(source).digest('hex') };
      }),
    );
    return {
      schema: PACK_SCHEMA_ID,
      ...(options.guid === undefined ? {} : { pack_guid: options.guid }),
      name: options.name ?? basename(resolve(path)),
      ...(options.purpose === undefined ? {} : { purpose: options.purpose }),
      created_at: new Date().toISOString(),
      agents,
    };
  } finally {
    folder.close();
  }
}
