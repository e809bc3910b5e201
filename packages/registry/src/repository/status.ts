// What a repository has, what waits, and what expires when: for people who look after one.
import { type Repository, toPendingPath } from './layout.ts';
import type { Draft } from './metadata.ts';
import { toWaiting, type Waiting } from './outcome.ts';
import { readState } from './state.ts';

/** One role's metadata. */
export type RoleStatus = {
  readonly role: string;
  readonly version: number;
  readonly expires: string;
  readonly expired: boolean;
  readonly signedBy: readonly string[];
  /** Number of versions of skills, for roles that list them. */
  readonly targets?: number;
};

/** The state of a repository. */
export type RepositoryStatus = {
  readonly roles: readonly RoleStatus[];
  /** The namespaces that were delegated, also those that have published nothing. */
  readonly namespaces: readonly string[];
  readonly waiting: readonly Waiting[];
  /** The folder with the files that wait. */
  readonly pendingFolder: string;
};

/** @throws PypesError `not_found` where the folder holds no repository */
export async function readStatus(repository: Repository): Promise<RepositoryStatus> {
  const state = await readState(repository);
  const { now = Date.now } = repository;
  const describe = (role: string, { signed, signatures }: Described): RoleStatus => ({
    role,
    version: signed.version,
    expires: signed.expires,
    expired: new Date(signed.expires).getTime() <= now(),
    signedBy: Object.keys(signatures),
    ...(signed.targets === undefined ? {} : { targets: Object.keys(signed.targets).length }),
  });
  const pending = new Map<string, Draft>(state.pendingTargets);
  if (state.pendingRoot !== undefined) pending.set('root', state.pendingRoot);
  return {
    roles: [
      describe('root', state.root),
      describe('timestamp', state.timestamp),
      describe('snapshot', state.snapshot),
      ...[...state.targets].map(([role, metadata]) => describe(role, metadata)),
    ],
    namespaces: Object.keys(state.targets.get('targets')?.signed.delegations?.roles ?? {}),
    waiting: toWaiting(state, pending),
    pendingFolder: toPendingPath(repository),
  };
}

type Described = {
  readonly signed: { readonly version: number; readonly expires: string; readonly targets?: object };
  readonly signatures: object;
};
