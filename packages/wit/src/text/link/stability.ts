// Statements about stability: whether two are the same, and how an error shows one.
import type { Stability } from '../../resolved.ts';
import { readVersion } from '../semver.ts';

export const isSameStability = (a: Stability | undefined, b: Stability | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** As wasm-tools shows it. */
export const describeStability = (stability: Stability): string => {
  const deprecated = 'stable' in stability ? stability.stable.deprecated : stability.unstable.deprecated;
  const until = typeof deprecated === 'string' ? `Some(${describeVersion(deprecated)})` : 'None';
  return 'stable' in stability
    ? `Stable { since: ${describeVersion(stability.stable.since)}, deprecated: ${until} }`
    : `Unstable { feature: ${JSON.stringify(stability.unstable.feature)}, deprecated: ${until} }`;
};

const describeVersion = (text: string): string => {
  const version = readVersion(text);
  if (typeof version === 'string') return text;
  const [major, minor, patch] = version.numbers;
  const prerelease = version.prerelease === '' ? '' : `, pre: Prerelease("${version.prerelease}")`;
  const build = version.build === '' ? '' : `, build: BuildMetadata("${version.build}")`;
  return `Version { major: ${major}, minor: ${minor}, patch: ${patch}${prerelease}${build} }`;
};
