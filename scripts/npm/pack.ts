// One file of the folder, as npm makes it: sorted, with a fixed time, so that the same folder gives the same bytes.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

export type Tarball = {
  readonly file: string;
  readonly bytes: number;
  /** Of all that is inside. */
  readonly unpackedBytes: number;
  readonly files: number;
};

/** @throws Error with what npm said */
export function pack(folder: string, destination: string): Tarball {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', destination];
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm pack failed: ${stderr}`);
  const [{ filename = '' } = {}] = Object.values(JSON.parse(stdout) as { [key: string]: { filename?: string } });
  const file = join(destination, filename);
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const unpackedBytes = paths.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
  return { file, bytes: statSync(file).size, unpackedBytes, files: paths.length };
}
