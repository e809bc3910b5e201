// Whether an item is there at all, given its gate, the version of its package and the features that are on.
import type { PackageId, Stability } from '../../resolved.ts';
import { fail } from '../errors.ts';
import { printPackageName } from '../package-names.ts';
import { compareVersions, printVersion, readVersion } from '../semver.ts';
import type { Span } from '../source.ts';
import type { Arena } from './arena.ts';

/** Throws for a gate that names a version which the package has not reached, or where the package has none. */
export const isIncluded = (
  arena: Arena,
  stability: Stability | undefined,
  packageId: PackageId,
  span: Span | undefined,
): boolean => {
  if (stability === undefined) return true;
  if ('unstable' in stability) return arena.features === 'all' || arena.features.has(stability.unstable.feature);
  const { name } = arena.packages[packageId]!;
  const label = printPackageName(name);
  if (name.version === undefined) {
    return fail(span, `package [${label}] contains a feature gate with a version specifier, so it must have a version`);
  }
  const since = readVersion(stability.stable.since);
  if (typeof since !== 'string' && compareVersions(since, name.version) > 0) {
    const reached = `(current version ${printVersion(name.version)})`;
    fail(
      span,
      `feature gate cannot reference unreleased version ${printVersion(since)} of package [${label}] ${reached}`,
    );
  }
  return true;
};
