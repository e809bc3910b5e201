// What the names of interfaces and worlds mean, in a file and across the package.
import type { Item } from '../draft.ts';
import { fail } from '../errors.ts';
import { printPackageName, toPackageName } from '../package-names.ts';
import type { UsePath } from '../syntax.ts';
import type { PackageState } from './state.ts';

/** The interface that a path names in a file. */
export const findInterface = (state: PackageState, file: number, path: UsePath): number => {
  const item = findItem(state, file, path);
  if (item.kind === 'interface') return item.id;
  return fail(path.id.span, `name \`${path.id.name}\` is defined as a world, not an interface`);
};

/** The world that a path names in a file. */
export const findWorld = (state: PackageState, file: number, path: UsePath): number => {
  const item = findItem(state, file, path);
  if (item.kind === 'world') return item.id;
  return fail(path.id.span, `name \`${path.id.name}\` is defined as an interface, not a world`);
};

const findItem = (state: PackageState, file: number, { package: id, id: { name, span } }: UsePath): Item => {
  if (id !== undefined) return foreignItem(state, { package: id, id: { name, span } });
  const item = state.fileItems[file]?.get(name) ?? state.packageItems.get(name);
  return item ?? fail(span, `interface or world \`${name}\` does not exist`);
};

/** The placeholder of a path with a package in it. */
export const foreignItem = (state: PackageState, path: UsePath): Item => {
  const wanted =
    path.package === undefined ? undefined : state.foreign.get(printPackageName(toPackageName(path.package)));
  return (
    wanted?.items.get(path.id.name)?.item ?? fail(path.id.span, `interface or world \`${path.id.name}\` does not exist`)
  );
};
