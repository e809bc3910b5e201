// Whether an installed version is one that a source means.
import semver from 'semver';
import type { Source } from './source.ts';

/**
 * Tells whether a version is what a source asks for; a source that names no version takes any.
 *
 * @example
 * matchesSource(parseSource('remote:stock-market@^1'), '1.2.0'); // true
 */
export function matchesSource(source: Source, version: string): boolean {
  if (source.kind === 'explicit') return source.version === version;
  return source.kind !== 'remote' || semver.satisfies(version, source.range);
}
