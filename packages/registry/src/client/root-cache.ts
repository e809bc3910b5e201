// The roots that a client has followed, so that a mirror cannot hide them again. Each is verified anew from the trust root
// on; the digest in its name tells a damaged file, which is then fetched again, from one that somebody must look at.
import { join } from 'node:path';
import { toDigest, toHex } from '../encoding/digest.ts';
import { writeAtomically } from '../files/atomic-write.ts';
import { listIfThere, readIfThere } from '../files/read.ts';
import type { Context } from './context.ts';

const SHAPE = /^(\d+)\.([0-9a-f]{64})\.root$/;

/** The root of a version, as it was when it was accepted; undefined where there is none. */
export async function readRoot(context: Context, version: number): Promise<Buffer | undefined> {
  for (const name of await listIfThere(toFolder(context))) {
    const [, number, hex] = SHAPE.exec(name) ?? [];
    if (Number(number) !== version) continue;
    const bytes = await readIfThere(join(toFolder(context), name));
    if (bytes !== undefined && toHex(toDigest(bytes)) === hex) return bytes;
  }
  return undefined;
}

/** The newest root, or the trust root. */
export async function readNewestRoot(context: Context): Promise<Buffer> {
  const versions = await listRoots(context);
  return (await readRoot(context, Math.max(0, ...versions))) ?? context.trustedRoot;
}

/** The versions that are kept. */
export async function listRoots(context: Context): Promise<readonly number[]> {
  const names = await listIfThere(toFolder(context));
  return names.map((name) => Number(SHAPE.exec(name)?.[1] ?? 0)).filter((version) => version > 0);
}

/** Keeps an accepted root. */
export async function keepRoot(context: Context, version: number, bytes: Buffer): Promise<void> {
  await writeAtomically(join(toFolder(context), `${version}.${toHex(toDigest(bytes))}.root`), bytes);
}

function toFolder(context: Context): string {
  return join(context.folder, 'roots');
}
