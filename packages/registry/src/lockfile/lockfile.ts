// pypes.lock as data: what was installed, who signed it, what it was granted, and which trust root said so.
import type { Permissions } from '@pypes/contract';
import type { Digest } from '../encoding/digest.ts';

/** One installed skill. */
export type LockedSkill = {
  /** As it was asked for: `remote:finance@^1`. */
  readonly source: string;
  /** Absent for a bare component, which has no manifest. */
  readonly name?: string;
  readonly version?: string;
  readonly digest: Digest;
  /** Key ids, sorted. */
  readonly signers: readonly string[];
  /** What the person granted; nothing beyond it. */
  readonly permissions: Partial<Permissions>;
  /** The hash of the policies that the yes was for. */
  readonly policy?: Digest;
};

/** A lockfile. */
export type Lockfile = {
  /** The registry and the version of its trust root; absent where nothing came from a registry. */
  readonly registry?: { readonly url: string; readonly rootVersion: number };
  /** By source. */
  readonly skills: readonly LockedSkill[];
};

export const LOCK_VERSION = 1;
export const EMPTY_LOCKFILE: Lockfile = { skills: [] };

/** The lockfile with one skill in the place of whatever that source had. */
export function withSkill(lockfile: Lockfile, skill: LockedSkill): Lockfile {
  return { ...lockfile, skills: [...lockfile.skills.filter(({ source }) => source !== skill.source), skill] };
}

/** The lockfile without a source. */
export function withoutSkill(lockfile: Lockfile, source: string): Lockfile {
  return { ...lockfile, skills: lockfile.skills.filter((skill) => skill.source !== source) };
}
