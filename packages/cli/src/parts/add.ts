// Adds and removes parts: npm installs what the lockfile in the package says, nothing of it runs, and it is whole or not there.
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PypesError } from '@pypes/contract';
import { LOCKFILE } from './added.ts';
import type { PartPlaces } from './places.ts';
import { PARTS, type Part } from './table.ts';

/** Runs npm in a folder; resolves with its exit code and what it said. */
export type RunNpm = (args: readonly string[], folder: string) => Promise<{ code: number | null; said: string }>;

/** Exactly the lockfile, checked against its hashes; no script of a package runs. */
const INSTALL = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];

/** @throws PypesError `not_found` with the parts that exist */
export function findPart(name: string): Part {
  const part = PARTS.find((each) => each.name === name);
  if (part !== undefined) return part;
  const available = PARTS.map((each) => each.name);
  throw new PypesError('not_found', `There is no part "${name}"; pypes parts lists those that exist`, {
    details: { available },
  });
}

/**
 * Replaces what was there of the part.
 *
 * @throws PypesError `unavailable` with what npm said; the part stays as it was
 */
export async function addPart(
  { name }: Part,
  { wanted, added }: PartPlaces,
  runNpm: RunNpm = runInstalledNpm,
): Promise<string> {
  mkdirSync(added, { recursive: true, mode: 0o700 });
  const staging = mkdtempSync(join(added, `.${name}-`));
  try {
    for (const file of ['package.json', LOCKFILE]) copyFileSync(join(wanted, name, file), join(staging, file));
    const { code, said } = await runNpm(INSTALL, staging);
    if (code !== 0) throw new PypesError('unavailable', `The part "${name}" was not added; npm said: ${toBrief(said)}`);
    const target = join(added, name);
    rmSync(target, { recursive: true, force: true });
    renameSync(staging, target);
    return target;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** Without what npm puts before each line and the place of its log. */
function toBrief(said: string): string {
  const lines = said.split('\n').map((line) => line.replace(/^npm (error|warn) ?/, '').trim());
  return lines.filter((line) => line !== '' && !line.startsWith('A complete log')).join('; ');
}

/** @throws PypesError `not_found` where it was not added */
export function removePart({ name }: Part, { added }: PartPlaces): void {
  const target = join(added, name);
  if (!existsSync(target))
    throw new PypesError('not_found', `The part "${name}" was not added, so nothing was removed`);
  rmSync(target, { recursive: true });
}

/** The npm that started this command, else the one on the path. */
const runInstalledNpm: RunNpm = (args, folder) => {
  const script = process.env.npm_execpath;
  const isNpm = script !== undefined && /np[mx]-cli\.[cm]?js$/.test(script) && existsSync(script);
  const npm = isNpm ? [process.execPath, script.replace(/npx-cli/, 'npm-cli')] : ['npm'];
  const [command = 'npm', ...rest] = [...npm, ...args];
  return new Promise((done, failed) => {
    const child = spawn(command, rest, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: environmentFor() });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-4000);
      });
    }
    child.once('error', (error) =>
      failed(new PypesError('unavailable', `npm does not start (${error.message}); install it`, { cause: error })),
    );
    child.once('close', (code) => done({ code, said }));
  });
};

/** npx tells npm about its own project in the environment; the part is another one. */
function environmentFor(): NodeJS.ProcessEnv {
  const own = ['npm_config_local_prefix', 'npm_config_prefix', 'npm_config_package', 'npm_config_workspace'];
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.includes(name.toLowerCase())));
}
