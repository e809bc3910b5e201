// The text of a lockfile: always the same for the same content, one line per fact, so that differences read well.
import { stringify } from 'smol-toml';
import { LOCK_VERSION, type LockedSkill, type Lockfile } from './lockfile.ts';

const HEADER = '# Written by pypes install. Commit it: it pins what runs, who signed it, and what it may do.\n';

/** The text of a lockfile. */
export function toLockfileText({ registry, skills }: Lockfile): string {
  const head = stringify({
    lock_version: LOCK_VERSION,
    ...(registry === undefined ? {} : { registry: { url: registry.url, root_version: registry.rootVersion } }),
  });
  const sorted = [...skills].sort((a, b) => (a.source < b.source ? -1 : 1));
  return [HEADER + head, ...sorted.map((skill) => stringify({ skill: [toTable(skill)] }))]
    .map((part) => `${part.trimEnd()}\n`)
    .join('\n');
}

function toTable({ source, name, version, digest, signers, permissions, policy }: LockedSkill) {
  const granted = Object.entries(permissions).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    source,
    ...(name === undefined ? {} : { name }),
    ...(version === undefined ? {} : { version }),
    digest,
    signers: [...signers].sort(),
    ...(policy === undefined ? {} : { policy }),
    permissions: Object.fromEntries(
      granted.map(([key, value]) => [key, Array.isArray(value) ? [...value].sort() : value]),
    ),
  };
}
