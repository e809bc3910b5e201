// The way of a TUF client (specification 5.3 to 5.6) from the pinned root to the targets that hold now.
//
// tuf-js, which verifies on Node, is made of files and Node's crypto. This walks the same files with the same rules, and
// the story compares both clients attack by attack.
import { type Bytes, download } from './bytes.ts';
import { fieldOf, type JsonObject, toCount, toObject } from './json.ts';
import type { Memory } from './memory.ts';
import { checkListed, checkSignatures, type Metadata, parseMetadata, type Signers, signersOf } from './metadata.ts';
import { Refused } from './refused.ts';

const MOST_BYTES = { root: 512_000, timestamp: 16_384, snapshot: 2_000_000, targets: 5_000_000 };
const MOST_ROTATIONS = 256;

/** The metadata that holds now. */
export type Registry = {
  /** With a slash at its end. */
  readonly url: string;
  readonly rootVersion: number;
  /** When its timestamp expires: until then it is known to be fresh. */
  readonly expires: string;
  readonly targets: Listing;
  /** The listing of a namespace, by the keys that `targets` delegates it to; undefined where it has published nothing. */
  readonly open: (role: string, signers: Signers) => Promise<Listing | undefined>;
};

/** A role that lists targets, and the ids of the keys whose signatures over it hold. */
export type Listing = { readonly role: string; readonly metadata: Metadata; readonly signers: readonly string[] };

export type UpdateOptions = {
  readonly url: string;
  readonly trustedRoot: Bytes;
  readonly memory: Memory;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

/** @throws Refused with the first thing that is wrong */
export async function updateRegistry({ url, trustedRoot, memory, now }: UpdateOptions): Promise<Registry> {
  const time = now();
  const root = await followRoots(url, trustedRoot);
  const keys = JSON.stringify(['timestamp', 'snapshot'].map((role) => fieldOf(rolesOf(root), role) ?? null));
  const before = memory.accepted;
  if (root.version < (before?.root ?? 0)) throw rolledBack(root);
  if (isExpired(root, time)) throw new Refused('expired_root', `The registry's root expired on ${root.expires}`);
  // Other keys make old versions void (5.3.11), else a thief's fast-forward could not be undone.
  const known = before?.keys === keys ? before : { root: 0, keys, timestamp: 0, files: {} };

  const timestamp = parseMetadata('timestamp', 'timestamp', await get(url, 'timestamp.json', 'timestamp'));
  await checkSignatures(timestamp, topSigners(root, 'timestamp'));
  const listed = metaOf(timestamp, 'snapshot.json');
  const snapshotVersion = toCount(fieldOf(listed, 'version'), timestamp.file);
  if (timestamp.version < known.timestamp || snapshotVersion < (known.files['snapshot.json'] ?? 0)) {
    throw rolledBack(timestamp);
  }
  memory.accept({ ...known, root: root.version, timestamp: timestamp.version });
  if (isExpired(timestamp, time)) {
    throw new Refused('frozen', `The newest timestamp that the registry shows expired on ${timestamp.expires}`);
  }

  const snapshotFile = `${snapshotVersion}.snapshot.json`;
  const snapshot = parseMetadata('snapshot', 'snapshot', await get(url, snapshotFile, 'snapshot'));
  await checkListed(snapshot, listed, topSigners(root, 'snapshot'));
  const files = versionsOf(snapshot);
  for (const [file, version] of Object.entries(known.files)) {
    if (file !== 'snapshot.json' && (files[file] ?? 0) < version) throw rolledBack(snapshot);
  }
  if (isExpired(snapshot, time)) {
    throw new Refused('expired_snapshot', `The registry's snapshot expired on ${snapshot.expires}`);
  }
  memory.accept({
    root: root.version,
    keys,
    timestamp: timestamp.version,
    files: { ...files, 'snapshot.json': snapshotVersion },
  });

  const open = async (role: string, signers: Signers): Promise<Listing | undefined> => {
    if (files[`${role}.json`] === undefined) return undefined;
    const meta = metaOf(snapshot, `${role}.json`);
    const version = toCount(fieldOf(meta, 'version'), snapshot.file);
    const metadata = parseMetadata(role, 'targets', await get(url, `${version}.${role}.json`, 'targets'));
    const valid = await checkListed(metadata, meta, signers);
    if (isExpired(metadata, time)) {
      throw new Refused('expired_targets', `The registry's ${metadata.file} expired on ${metadata.expires}`);
    }
    return { role, metadata, signers: valid };
  };
  const targets = await open('targets', topSigners(root, 'targets'));
  if (targets === undefined) throw new Refused('malformed', "The registry's snapshot lists no targets.json");
  return { url, rootVersion: root.version, expires: timestamp.expires, targets, open };
}

/** From the pinned root on: each next one is signed by a threshold of the one before, and by its own. */
async function followRoots(url: string, trusted: Bytes): Promise<Metadata> {
  let root = parseMetadata('root', 'root', trusted);
  await checkSignatures(root, topSigners(root, 'root'));
  for (let step = 0; step < MOST_ROTATIONS; step++) {
    const version = root.version + 1;
    const bytes = await getIfThere(url, `${version}.root.json`);
    if (bytes === undefined) return root;
    const next = parseMetadata('root', 'root', bytes);
    await checkSignatures(next, topSigners(root, 'root'));
    await checkSignatures(next, topSigners(next, 'root'));
    if (next.version < version) throw rolledBack(next);
    if (next.version > version) throw new Refused('mixed', `The registry shows root ${next.version} as ${version}`);
    root = next;
  }
  throw new Refused('too_large', `The registry has more than ${MOST_ROTATIONS} roots after the pinned one`);
}

/**
 * A root that cannot be had ends the walk (5.3.3); what is held back in this way ends with the timestamp's expiry. To a
 * page, a 404 without a CORS header, as many static servers give, looks like no answer at all.
 */
async function getIfThere(url: string, name: string): Promise<Bytes | undefined> {
  try {
    return await get(url, name, 'root');
  } catch (error) {
    if (error instanceof Refused && (error.reason === 'missing' || error.reason === 'unreachable')) return undefined;
    throw error;
  }
}

function get(url: string, name: string, kind: keyof typeof MOST_BYTES): Promise<Bytes> {
  return download(`${url}${name}`, MOST_BYTES[kind]);
}

function rolesOf({ signed, file }: Metadata): JsonObject {
  return toObject(fieldOf(signed, 'roles'), file);
}

function topSigners(root: Metadata, role: string): Signers {
  const keys = toObject(fieldOf(root.signed, 'keys'), root.file);
  return signersOf(keys, toObject(fieldOf(rolesOf(root), role), root.file), root.file);
}

function metaOf({ signed, file }: Metadata, name: string): JsonObject {
  return toObject(fieldOf(toObject(fieldOf(signed, 'meta'), file), name), file);
}

function versionsOf({ signed, file }: Metadata): { readonly [file: string]: number } {
  const meta = Object.entries(toObject(fieldOf(signed, 'meta'), file));
  return Object.fromEntries(
    meta.map(([name, each]) => [name, toCount(fieldOf(toObject(each, file), 'version'), file)]),
  );
}

function isExpired({ expires }: Metadata, time: number): boolean {
  return Date.parse(expires) <= time;
}

function rolledBack({ file, version }: Metadata): Refused {
  return new Refused(
    'rolled_back',
    `The registry's ${file} (version ${version}) is older than what was accepted before`,
  );
}
