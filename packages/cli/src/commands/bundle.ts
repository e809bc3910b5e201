// pypes bundle: a folder as one pack/1.0 bundle.
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import {
  type BundleAgent,
  PACK_SCHEMA_ID,
  type PackBundle,
  PypesError,
  toBundleForm,
  toBundleText,
} from '@pypes/contract';
import { createAgentFolder } from '@pypes/stores/filesystem';
import type { Command } from 'commander';
import { writeWhole } from '../pulled.ts';
import { toStandardOutput } from '../terminal.ts';

type BundleOptions = {
  readonly out?: string;
  readonly name?: string;
  readonly purpose?: string;
  readonly guid?: string;
  readonly json?: boolean;
};

/** What travels in a bundle: agents of every language, and the types beside a component. */
const ENDINGS = /\.(py|lispy|lisp|js|mjs|ts|lua|wasm|wit)$/i;

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
  const text = toBundleText(made);
  if (options.out === undefined) {
    toStandardOutput(text);
    return;
  }
  await writeWhole(options.out, text, true);
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
    const found = await folder.scan();
    const entries = found.filter((entry) => ENDINGS.test(entry.path));
    for (const { path: file, executable } of found) if (executable && !ENDINGS.test(file)) tellLeftOut(file);
    if (entries.length === 0) throw new PypesError('invalid_request', `The folder "${path}" has no agent files`);
    const agents = await Promise.all(
      entries.map(async ({ path: file }) => toAgent(basename(file), (await folder.read(file)) ?? new Uint8Array())),
    );
    return toBundleForm({
      schema: PACK_SCHEMA_ID,
      ...(options.guid === undefined ? {} : { pack_guid: options.guid }),
      name: options.name ?? basename(resolve(path)),
      ...(options.purpose === undefined ? {} : { purpose: options.purpose }),
      created_at: new Date().toISOString(),
      agents,
    });
  } finally {
    folder.close();
  }
}

function tellLeftOut(file: string): void {
  console.error(`left out ${file}: executables run in folders of the operator alone`);
}

function toAgent(filename: string, bytes: Uint8Array): BundleAgent {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const source = isUtf8(bytes) ? Buffer.from(bytes).toString('utf8') : undefined;
  return source === undefined
    ? { filename, sha256, source_base64: Buffer.from(bytes).toString('base64') }
    : { filename, sha256, source };
}
