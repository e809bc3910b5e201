// One folder for one platform: the bundle, the runtimes as modules of their own, what both need of npm, the licences.
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './bundle.ts';
import { copyPackages } from './copy-packages.ts';
import { toLicences } from './licences.ts';
import { stripPackage } from './strip-package.ts';
import { type TargetName, targetOf } from './targets.ts';

/** The packages of languages that are not bundled, and what they import of ours. */
const APART = ['runtimes', 'contract', 'wit'];
/** Python runs in CPython where the platform has it, and of the transpiler one part is used: these are large. */
const LEFT_OUT = ['pyodide', 'workerd', 'binaryen', 'oxc-minify'];

export type Packaged = { readonly folder: string; readonly bytes: number; readonly files: number };

/** Replaces the folder. */
export async function packageFunction(name: TargetName, folder: string): Promise<Packaged> {
  const { entry, copied, files } = targetOf(name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const bundled = await bundle({ entry, folder, external: copied });
  const wanted = APART.flatMap((part) => stripPackage(part, join(folder, 'node_modules/@pypes', part)));
  const npm = copyPackages([...copied, ...wanted], join(folder, 'node_modules'), LEFT_OUT);
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  writeFileSync(join(folder, 'licences.txt'), toLicences([...bundled, ...npm]));
  return { folder, ...measure(folder) };
}

function measure(folder: string): { readonly bytes: number; readonly files: number } {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const bytes = paths.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
  return { bytes, files: paths.length };
}
