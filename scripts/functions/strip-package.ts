// One of our packages as JavaScript: file by file, types stripped as Node strips them, tests left out.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';

type Manifest = {
  readonly exports: { readonly [name: string]: string };
  readonly dependencies?: { readonly [name: string]: string };
};

const PACKAGES = join(import.meta.dirname, '../../packages');
const TESTS = /(\.(test|suite|fixture)\.\w+$)|(^|\/)(testing|test|escape|__pycache__)\//;
/** What is bundled. */
const BUNDLED = /^src\/lispy\//;
const OURS = '@pypes/';

/** Writes the package; the names of the npm packages that it needs. */
export function stripPackage(part: string, folder: string): readonly string[] {
  const from = join(PACKAGES, part);
  const manifest = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')) as Manifest;
  for (const entry of readdirSync(join(from, 'src'), { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name).slice(from.length + 1);
    if (!entry.isFile() || TESTS.test(path) || BUNDLED.test(path)) continue;
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    if (path.endsWith('.ts')) writeFileSync(toScript(target), stripFile(readFileSync(join(from, path), 'utf8')));
    else copyFileSync(join(from, path), target);
  }
  const exports = Object.fromEntries(Object.entries(manifest.exports).map(([name, path]) => [name, toScript(path)]));
  const own = { name: OURS + part, private: true, type: 'module', exports };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(own, null, 2)}\n`);
  return Object.keys(manifest.dependencies ?? {}).filter((name) => !name.startsWith(OURS));
}

/** Positions stay, so that what a trace says can be found in the sources. */
export function stripFile(text: string): string {
  return stripTypeScriptTypes(text, { mode: 'strip' }).replace(/((?:from|import)\s*\(?\s*'\.[^'\n]*)\.ts'/g, "$1.js'");
}

function toScript(path: string): string {
  return path.replace(/\.ts$/, '.js');
}
