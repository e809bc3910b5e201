// pypes pull: a deployed pack back as the bundle it came as, or as a folder of files.
import { createHash } from 'node:crypto';
import { createClient, type PackBundle, PypesError, toBundleText, toGuid } from '@pypes/contract';
import type { Command } from 'commander';
import { parseAddress } from '../input.ts';
import { checkFilename, type PulledFile, writeFolder, writeWhole } from '../pulled.ts';
import { toStandardOutput } from '../terminal.ts';

type PullOptions = {
  readonly out?: string;
  readonly folder?: string;
  readonly token?: string;
  readonly force?: boolean;
  readonly json?: boolean;
};

/** Adds the command. */
export function registerPull(program: Command): void {
  program
    .command('pull')
    .summary('get a deployed pack back as a bundle or a folder')
    .description('Prints (or writes) the pack GUID of the endpoint URL as the pack/1.0 bundle it was deployed as.')
    .argument('<url>', 'the endpoint')
    .argument('<guid>', "the pack's guid")
    .option('-o, --out <file>', 'write the bundle there instead of to standard output')
    .option('--folder <folder>', 'write its files into this folder instead')
    .option('--force', 'replace files that are there and differ')
    .option('--token <token>', 'token for the endpoint or the pack', process.env.PYPES_TOKEN)
    .option('--json', 'with --out or --folder: say what was written as JSON')
    .action(pull);
}

async function pull(url: string, guid: string, options: PullOptions): Promise<void> {
  const { out, folder, token, force = false } = options;
  if (out !== undefined && folder !== undefined) {
    throw new PypesError('invalid_request', '--out and --folder were both given; take one of them');
  }
  if (toGuid(guid) === undefined) {
    throw new PypesError('invalid_request', `"${guid}" is no guid; GET ${url}/api/pack/healthz lists the packs`);
  }
  const client = createClient({ baseUrl: parseAddress(url, '--url'), ...(token === undefined ? {} : { token }) });
  const bundle = await client.bundle(guid);
  const files = readFiles(bundle, url);
  const text = toBundleText(bundle);
  if (folder !== undefined) await writeFolder(folder, files, force);
  else if (out !== undefined) await writeWhole(out, text, force);
  else {
    toStandardOutput(text);
    return;
  }
  const where = folder ?? out;
  const sha256 = createHash('sha256').update(text).digest('hex');
  const said = { status: 'ok', pack_guid: bundle.pack_guid, name: bundle.name, agent_count: files.length, sha256 };
  console.log(
    options.json === true
      ? JSON.stringify({ ...said, written: where })
      : `${files.length} files of "${bundle.name}" in ${where}`,
  );
}

/** The endpoint is believed in nothing: names are checked, and bytes against the digests that stand beside them. */
function readFiles(bundle: PackBundle, url: string): readonly PulledFile[] {
  if (!Array.isArray(bundle.agents))
    throw new PypesError('internal', `${url} answered with no bundle: it has no "agents"`);
  return bundle.agents.map(({ filename, source, source_base64: base64, sha256 }) => {
    checkFilename(filename);
    const bytes = base64 === undefined ? Buffer.from(source ?? '') : Buffer.from(base64, 'base64');
    const actual = createHash('sha256').update(bytes).digest('hex');
    if (sha256 === actual) return { filename, bytes };
    throw new PypesError(
      'digest_mismatch',
      `The file "${filename}" has the SHA-256 ${actual}, ${url} says ${String(sha256)}; nothing was written`,
    );
  });
}
