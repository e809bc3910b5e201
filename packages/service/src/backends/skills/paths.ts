// Where the skills of a machine are kept below its root.
import { join } from 'node:path';

/** The places; none has to exist. */
export type SkillPlaces = {
  /** What is installed. */
  readonly lockfile: string;
  /** The registry that `explicit:` and `remote:` mean. */
  readonly registry: string;
  /** What its clients know, and the archives it gave. */
  readonly cache: string;
  /** Archives from elsewhere, by digest. */
  readonly artifacts: string;
  /** Public keys whose signatures count for skills from elsewhere. */
  readonly keys: string;
  /** Touched whenever metadata was fetched: a server that runs then looks at its skills anew. */
  readonly refreshed: string;
};

export function skillPlaces(root: string): SkillPlaces {
  const base = join(root, 'skills');
  return {
    lockfile: join(base, 'pypes.lock'),
    registry: join(base, 'registry.json'),
    cache: join(base, 'cache'),
    artifacts: join(base, 'artifacts'),
    keys: join(base, 'keys'),
    refreshed: join(base, 'refreshed'),
  };
}
