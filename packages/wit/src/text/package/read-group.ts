// A group of files that belong together: one main package and the packages nested in its files.
import type { DraftPackage } from '../draft.ts';
import { parseFile } from '../grammar/files.ts';
import type { WitSource } from '../source.ts';
import type { TopItem } from '../syntax.ts';
import { addFile, openPackage, resolvePackage } from './resolve-package.ts';

export type PackageGroup = { readonly main: DraftPackage; readonly nested: readonly DraftPackage[] };

/** Reads the files in the order of their paths. */
export const readGroup = (sources: readonly WitSource[]): PackageGroup => {
  const sorted = [...sources].sort((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)));
  const main = openPackage();
  const nested: DraftPackage[] = [];
  for (const source of sorted) {
    const file = parseFile(source);
    const own: TopItem[] = [];
    for (const item of file.items) {
      if (item.kind !== 'package') {
        own.push(item);
        continue;
      }
      const inner = openPackage();
      addFile(inner, item.package);
      nested.push(resolvePackage(inner));
    }
    addFile(main, { ...file, items: own });
  }
  return { main: resolvePackage(main), nested };
};
