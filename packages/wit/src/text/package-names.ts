// Names of packages: as text, as keys, in order.
import type { PackageName } from './draft.ts';
import { compareVersions, printVersion } from './semver.ts';
import type { PackageId } from './syntax.ts';

export const toPackageName = ({ namespace, name, version }: PackageId): PackageName => ({
  namespace: namespace.name,
  name: name.name,
  version,
});

/** `ns:name@1.2.3`; equal names print alike. */
export const printPackageName = ({ namespace, name, version }: PackageName): string =>
  `${namespace}:${name}${version === undefined ? '' : `@${printVersion(version)}`}`;

/** By namespace, name and version; none comes before any version. */
export const comparePackageNames = (a: PackageName, b: PackageName): number => {
  if (a.namespace !== b.namespace) return a.namespace < b.namespace ? -1 : 1;
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  if (a.version === undefined || b.version === undefined)
    return Number(a.version !== undefined) - Number(b.version !== undefined);
  return compareVersions(a.version, b.version);
};
