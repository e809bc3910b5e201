// Makes a repository: empty metadata first, the root last, so that an interrupted start can simply be repeated.
import { join } from 'node:path';
import { PypesError } from '@pypes/contract';
import { Root, Snapshot, Targets, Timestamp } from '@tufjs/models';
import { writeAtomically } from '../files/atomic-write.ts';
import { withLock } from '../files/lock.ts';
import { type PublicKey, type SigningKey, toTufKey } from '../keys/key.ts';
import { type Repository, toExpiry, toLockPath, toMetadataName } from './layout.ts';
import { accepts, fromSigned, signWith, type TopRole, toBytes, toCommon } from './metadata.ts';
import { toKeyIds, toMetaFile } from './plan.ts';
import { readLatestRoot } from './state.ts';

/** Who may sign a role, and how many of them must. */
export type RoleKeys = { readonly keys: readonly PublicKey[]; readonly threshold: number };

const FEWEST_ROOT_KEYS = 2;

/**
 * Makes a repository in a folder.
 *
 * @param roles the root takes a threshold of 2 or more: no single stolen key may rename everything
 * @param keys the keys at hand: a threshold of every role
 * @returns the first root, which clients are given by another way: their trust root
 * @throws PypesError `conflict` where there is a repository, `invalid_request` for too few keys
 */
export async function initRepository(
  repository: Repository,
  roles: { readonly [role in TopRole]: RoleKeys },
  keys: readonly SigningKey[],
): Promise<Buffer> {
  if (roles.root.threshold < FEWEST_ROOT_KEYS) {
    throw new PypesError(
      'invalid_request',
      `The root takes a threshold of ${FEWEST_ROOT_KEYS} or more, got ${roles.root.threshold}`,
    );
  }
  for (const [role, { keys: all, threshold }] of Object.entries(roles)) checkThreshold(role, all, threshold);
  return withLock(toLockPath(repository), async () => {
    if ((await readLatestRoot(repository.folder)) !== undefined) {
      throw new PypesError('conflict', `"${repository.folder}" holds a registry already`);
    }
    const files = toFirstFiles(repository, roles, keys);
    for (const [name, bytes] of files) await writeAtomically(join(repository.folder, name), bytes);
    return files.at(-1)![1];
  });
}

/**
 * Refuses a threshold that nobody can meet, or none.
 *
 * @throws PypesError `invalid_request`
 */
export function checkThreshold(role: string, keys: readonly PublicKey[], threshold: number): void {
  const different = new Set(keys.map(({ keyId }) => keyId)).size;
  if (different !== keys.length) throw new PypesError('invalid_request', `One key is named twice for "${role}"`);
  if (Number.isSafeInteger(threshold) && threshold >= 1 && threshold <= different) return;
  throw new PypesError(
    'invalid_request',
    `"${role}" has ${different} key(s), so its threshold is from 1 to ${different}, got ${threshold}`,
  );
}

function toFirstFiles(
  repository: Repository,
  roles: { readonly [role in TopRole]: RoleKeys },
  keys: readonly SigningKey[],
): readonly (readonly [string, Buffer])[] {
  const common = (role: TopRole) => toCommon(role, 1, toExpiry(repository, role));
  const all = Object.values(roles).flatMap((role) => role.keys);
  const root = fromSigned(Root, {
    ...common('root'),
    consistent_snapshot: true,
    keys: Object.fromEntries(all.map((key) => [key.keyId, toTufKey(key)])),
    roles: Object.fromEntries(Object.entries(roles).map(([role, value]) => [role, toRole(value)])),
  });
  const targets = fromSigned(Targets, { ...common('targets'), targets: {} });
  const sign = (role: TopRole, metadata: Parameters<typeof toBytes>[0]) => {
    signWith(metadata, keys, toKeyIds(root, role));
    if (accepts(root, role, metadata)) return toBytes(metadata);
    throw new PypesError('invalid_request', `Too few keys of "${role}" are at hand: it takes ${roles[role].threshold}`);
  };
  const targetsBytes = sign('targets', targets);
  const snapshot = fromSigned(Snapshot, {
    ...common('snapshot'),
    meta: { 'targets.json': toMetaFile(targets).toJSON() },
  });
  const snapshotBytes = sign('snapshot', snapshot);
  const timestamp = fromSigned(Timestamp, {
    ...common('timestamp'),
    meta: { 'snapshot.json': toMetaFile(snapshot).toJSON() },
  });
  const rootBytes = sign('root', root);
  return [
    [toMetadataName('targets', 1), targetsBytes],
    [toMetadataName('snapshot', 1), snapshotBytes],
    ['timestamp.json', sign('timestamp', timestamp)],
    ['root.json', rootBytes],
    [toMetadataName('root', 1), rootBytes],
  ];
}

function toRole({ keys, threshold }: RoleKeys) {
  return { keyids: keys.map(({ keyId }) => keyId), threshold };
}
