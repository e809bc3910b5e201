// Versions of interfaces: which one can stand for which, by semver.

/** The name of an interface without its version, and the version. */
export type Versioned = { readonly base: string; readonly version: string | undefined };

/** Splits `ns:package/interface@1.2.3`. */
export function splitVersion(name: string): Versioned {
  const at = name.indexOf('@');
  return at === -1 ? { base: name, version: undefined } : { base: name.slice(0, at), version: name.slice(at + 1) };
}

/**
 * The releases that can stand for one another: one major version, below 1.0.0 one minor version, below 0.1.0 and for
 * prereleases that release alone.
 */
export function trackOf(version: string | undefined): string {
  if (version === undefined) return '';
  const parsed = parse(version);
  if (parsed === undefined) return version;
  const [major, minor, patch] = parsed;
  if (major > 0) return `${major}`;
  return minor > 0 ? `0.${minor}` : `0.0.${patch}`;
}

/**
 * Tells whether who asks for `wanted` is served by `offered`: the same track, and not older.
 *
 * @example
 * satisfies('0.2.3', '0.2.1'); // true
 */
export function satisfies(offered: string | undefined, wanted: string | undefined): boolean {
  if (offered === wanted) return true;
  if (offered === undefined || wanted === undefined || trackOf(offered) !== trackOf(wanted)) return false;
  const [newer, older] = [parse(offered), parse(wanted)];
  if (newer === undefined || older === undefined) return false;
  return newer[1] !== older[1] ? newer[1] > older[1] : newer[2] >= older[2];
}

/** Undefined for prereleases and for what is no version. */
function parse(version: string): readonly [major: number, minor: number, patch: number] | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)(?:\+.*)?$/.exec(version);
  return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3])];
}
