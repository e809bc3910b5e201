// A registry as its publisher has it: keys, a namespace that was given away, one skill in it, all in a folder.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createSigningKey,
  type Digest,
  delegateNamespace,
  initRepository,
  publishSkill,
  type Repository,
  type SigningKey,
} from '@pypes/registry';
import { buildSkill } from './skill/build.ts';

export type LocalRegistry = {
  readonly repository: Repository;
  /** The file of the first root: what clients pin. */
  readonly rootFile: string;
  readonly trustedRoot: Uint8Array;
  readonly digest: Digest;
  /** The owner of the namespace `acme`. */
  readonly owner: SigningKey;
  /** The keys that sign what changes: `targets`, `snapshot`, `timestamp`, and the owner's. */
  readonly keys: readonly SigningKey[];
};

/** Makes a registry in an empty folder and publishes `acme:portfolio@1.0.0` in it. */
export async function makeRegistry(folder: string): Promise<LocalRegistry> {
  const [first, second, targets, online, owner] = [0, 1, 2, 3, 4].map(createSigningKey) as [
    SigningKey,
    SigningKey,
    SigningKey,
    SigningKey,
    SigningKey,
  ];
  const repository: Repository = { folder };
  const one = (key: SigningKey) => ({ keys: [key], threshold: 1 });
  const roles = {
    root: { keys: [first, second], threshold: 2 },
    targets: one(targets),
    snapshot: one(online),
    timestamp: one(online),
  };
  const trustedRoot = await initRepository(repository, roles, [first, second, targets, online]);
  const rootFile = join(folder, '..', 'trust-root.json');
  writeFileSync(rootFile, trustedRoot);
  const keys = [targets, online, owner];
  await delegateNamespace(repository, 'acme', one(owner), keys);
  const { digest } = await publishSkill(repository, await buildSkill('1.0.0'), keys);
  return { repository, rootFile, trustedRoot, digest, owner, keys };
}
