// Reads what a repository's folder has published, by the path that clients take: root, timestamp, snapshot, targets.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PypesError } from '@pypes/contract';
import type { Metadata, Root, Snapshot, Targets, Timestamp } from '@tufjs/models';
import { listIfThere, readIfThere } from '../files/read.ts';
import { type Repository, toMetadataName, toPendingPath } from './layout.ts';
import { type Draft, parseMetadata } from './metadata.ts';

/** What is published, and what waits for signatures. Files that the timestamp does not lead to are no part of it. */
export type State = {
  readonly root: Metadata<Root>;
  readonly timestamp: Metadata<Timestamp>;
  readonly snapshot: Metadata<Snapshot>;
  /** By role: `targets`, and each namespace that has published. */
  readonly targets: ReadonlyMap<string, Metadata<Targets>>;
  readonly pendingRoot: Metadata<Root> | undefined;
  readonly pendingTargets: ReadonlyMap<string, Metadata<Targets>>;
};

/** @throws PypesError `not_found` where the folder holds no repository */
export async function readState(repository: Repository): Promise<State> {
  const { folder } = repository;
  const root = await readLatestRoot(folder);
  if (root === undefined) {
    throw new PypesError('not_found', `"${folder}" holds no registry; make one with pypes registry init`);
  }
  const timestamp = parseMetadata('timestamp', await readFile(join(folder, 'timestamp.json')));
  const snapshotName = toMetadataName('snapshot', timestamp.signed.snapshotMeta.version);
  const snapshot = parseMetadata('snapshot', await readFile(join(folder, snapshotName)));
  const targets = new Map<string, Metadata<Targets>>();
  for (const [file, { version }] of Object.entries(snapshot.signed.meta)) {
    const role = file.replace(/\.json$/, '');
    targets.set(role, parseMetadata('targets', await readFile(join(folder, toMetadataName(role, version)))));
  }
  return { root, timestamp, snapshot, targets, ...(await readPending(repository, root, targets)) };
}

/** The root with the highest version in the folder; undefined where there is none. */
export async function readLatestRoot(folder: string): Promise<Metadata<Root> | undefined> {
  const versions = (await listIfThere(folder)).map((name) => Number(/^(\d+)\.root\.json$/.exec(name)?.[1] ?? 0));
  const latest = Math.max(0, ...versions);
  return latest === 0 ? undefined : parseMetadata('root', await readFile(join(folder, toMetadataName('root', latest))));
}

/** Leaves out what was published before a kill could clear it away. */
async function readPending(
  repository: Repository,
  root: Metadata<Root>,
  targets: ReadonlyMap<string, Metadata<Targets>>,
): Promise<Pick<State, 'pendingRoot' | 'pendingTargets'>> {
  let pendingRoot: Metadata<Root> | undefined;
  const pendingTargets = new Map<string, Metadata<Targets>>();
  for (const name of await listIfThere(toPendingPath(repository))) {
    const role = /^([^.].*)\.json$/.exec(name)?.[1];
    const bytes = role === undefined ? undefined : await readIfThere(toPendingPath(repository, role));
    if (role === undefined || bytes === undefined) continue;
    if (role === 'root') {
      const draft = parseMetadata('root', bytes);
      if (isNewer(draft, root)) pendingRoot = draft;
    } else {
      const draft = parseMetadata('targets', bytes);
      if (isNewer(draft, targets.get(role))) pendingTargets.set(role, draft);
    }
  }
  return { pendingRoot, pendingTargets };
}

function isNewer(draft: Draft, published: Draft | undefined): boolean {
  return draft.signed.version > (published?.signed.version ?? 0);
}
