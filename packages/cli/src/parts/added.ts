// Whether a part that was added is the one that this version of Pypes was tested with.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PartPlaces } from './places.ts';

export const LOCKFILE = 'package-lock.json';

/** `outdated`: added by another version of Pypes, with other versions of what is inside. */
export type Added = 'ready' | 'outdated' | 'missing';

/** Compares lockfiles: npm made the folder from its own, and the folder has its name only since it was whole. */
export function checkAdded({ wanted, added }: PartPlaces, part: string): Added {
  const found = textOf(join(added, part, LOCKFILE));
  if (found === undefined) return 'missing';
  return found === textOf(join(wanted, part, LOCKFILE)) ? 'ready' : 'outdated';
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
