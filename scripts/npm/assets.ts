// What the code reads beside itself: guests' Python, preludes, and modules that are read as text.
import { copyFileSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { stripFile } from '../functions/strip-package.ts';

const ROOT = join(import.meta.dirname, '../..');
const UNREAD = /(^|\/)(testing|test|escape|e2e|fixtures|__pycache__)\//;
/** QuickJS loads this, and what it imports, module by module. */
const SANDBOX_PRELUDE = 'packages/runtimes/src/javascript/sandbox/inside/prelude.ts';
const IMPORTED = /(?:import|export)\b[^'";]*?\bfrom\s*'(\.[^']+)'/g;
const TYPE_ONLY = /^(?:import|export)\s+type\b/;

/** Copies files from where they are to their places in `folder`. */
export function copyAssets(folder: string, read: ReadonlyMap<string, string>): void {
  for (const path of dataFiles()) copy(join(ROOT, path), join(folder, path));
  // Ejected agents carry the interpreter as its sources are.
  for (const path of sources('packages/lispy/src/**/*.ts')) copy(join(ROOT, path), join(folder, path));
  for (const path of modulesOf(SANDBOX_PRELUDE)) {
    write(join(folder, path.replace(/\.ts$/, '.js')), stripFile(readFileSync(join(ROOT, path), 'utf8')));
  }
  for (const [place, file] of read) copy(file, join(folder, place));
}

/** Every file of a package's sources that is no TypeScript. */
function dataFiles(): readonly string[] {
  return sources('packages/*/src/**/*.*').filter((path) => !path.endsWith('.ts') && !path.endsWith('.tsx'));
}

function sources(pattern: string): readonly string[] {
  const exclude = (name: string) => name === 'node_modules';
  return globSync(pattern, { cwd: ROOT, exclude })
    .filter((path) => !UNREAD.test(path) && !/\.(test|suite|fixture)\.\w+$/.test(path))
    .sort();
}

/** A module, and what it imports at run time by relative paths. */
function modulesOf(entry: string): readonly string[] {
  const found = new Set([entry]);
  for (const path of found) {
    for (const [statement, specifier = ''] of readFileSync(join(ROOT, path), 'utf8').matchAll(IMPORTED)) {
      if (!TYPE_ONLY.test(statement)) found.add(posix.join(posix.dirname(path), specifier));
    }
  }
  return [...found].sort();
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  // A bundled entry of this name would be another module.
  writeFileSync(path, text, { flag: 'wx' });
}
