// Packages on the disk: whose a file is, and where a package finds another one.
import { existsSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

const MODULES = `${sep}node_modules${sep}`;

/** The folder of the npm package that a file belongs to; undefined for our own. */
export function packageFolderOf(path: string): string | undefined {
  const at = path.lastIndexOf(MODULES);
  if (at < 0) return undefined;
  const parts = path.slice(at + MODULES.length).split(sep);
  return join(path.slice(0, at + MODULES.length), ...parts.slice(0, parts[0]?.startsWith('@') === true ? 2 : 1));
}

/** Where a module in `from` finds the package; undefined where it is not installed. */
export function findPackage(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name);
    if (existsSync(join(found, 'package.json'))) return found;
    if (folder === dirname(folder)) return undefined;
  }
}
