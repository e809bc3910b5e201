// What every sandbox starts from: workerd's configuration with the snapshot of a started Python in it, made once.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { PypesError } from '@pypes/contract';
import { killGroup } from '../process/spawn.ts';
import { connect } from './link.ts';
import { MAKE, readVersion, SERVE, writeParts } from './parts.ts';
import { startWorkerd } from './process.ts';
import { toSparse } from './sparse.ts';

/** Snapshots that no host has begun with for so long are removed. */
const UNUSED_MS = 30 * 86_400_000;
const LARGEST = 256 * 1024 * 1024;

/**
 * The path of the configuration, from the cache where it is there and whole.
 *
 * @throws PypesError `agent_broken` where workerd does not start Pyodide
 */
export async function provideSnapshot(workerd: string, home: string, cache: string): Promise<string> {
  const path = join(isPrivate(cache) ? cache : home, `${keyOf(workerd)}.workerd`);
  if (isWhole(path)) {
    utimesSync(path, new Date(), new Date());
    return path;
  }
  try {
    await writeParts(home);
    const { layout, bytes } = toSparse(await makeSnapshot(workerd, home));
    writeFileSync(join(home, 'snapshot.json'), JSON.stringify(layout));
    writeFileSync(join(home, 'snapshot.bin'), bytes);
    const args = ['compile', '--config-only', join(home, SERVE)];
    const { stdout } = await promisify(execFile)(workerd, args, { encoding: 'buffer', maxBuffer: LARGEST });
    writeWhole(path, stdout);
    writeWhole(digestPath(path), Buffer.from(digestOf(stdout)));
    forgetOld(dirname(path));
    return path;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `Python files of others need a sandbox, and Pyodide does not start in workerd: ${reason}`;
    throw new PypesError('agent_broken', message, { cause: error });
  }
}

/** A folder that belongs to this user and that others can neither read nor write; what lies elsewhere is not trusted. */
function isPrivate(cache: string): boolean {
  try {
    mkdirSync(cache, { recursive: true, mode: 0o700 });
    const { mode, uid } = lstatSync(cache);
    return (mode & 0o170077) === 0o040000 && uid === process.getuid?.();
  } catch {
    return false;
  }
}

/** Whatever changes the snapshot changes this. */
function keyOf(workerd: string): string {
  const { size, mtimeMs } = lstatSync(workerd);
  const parts = JSON.stringify([workerd, size, mtimeMs, readVersion()]);
  return createHash('sha256').update(parts).digest('hex').slice(0, 32);
}

const digestPath = (path: string) => `${path}.sha256`;
const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function isWhole(path: string): boolean {
  try {
    return digestOf(readFileSync(path)) === readFileSync(digestPath(path), 'latin1');
  } catch {
    return false;
  }
}

function writeWhole(path: string, bytes: Uint8Array): void {
  const temporary = `${path}.${process.pid}.new`;
  writeFileSync(temporary, bytes, { mode: 0o600 });
  renameSync(temporary, path);
}

/** Each version of anything makes another file of some 30 MB. */
function forgetOld(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (!/^[0-9a-f]{32}\.workerd/.test(name) || Date.now() - lstatSync(path).mtimeMs < UNUSED_MS) continue;
    rmSync(path, { force: true });
  }
}

async function makeSnapshot(workerd: string, home: string): Promise<Buffer> {
  const { child, socketPath } = startWorkerd(workerd, home, [join(home, MAKE)]);
  let last = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    last = (last + chunk.toString('utf8')).slice(-2000);
  });
  try {
    const { sending, answer } = await connect(socketPath, '/snapshot', 'GET', () => child.exitCode !== null);
    sending.end();
    const response = await answer;
    const chunks: Uint8Array[] = [];
    for await (const chunk of response) chunks.push(chunk as Uint8Array);
    const bytes = Buffer.concat(chunks);
    if (response.statusCode !== 200) throw new Error(bytes.toString('utf8').slice(0, 2000));
    return bytes;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)} ${last}`.trim(), { cause: error });
  } finally {
    killGroup(child);
  }
}
