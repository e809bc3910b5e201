// What a role said when it was last verified as a whole: metadata that proves a pinned skill without a network.
//
// Apart from the newest metadata, since a visit that is attacked half-way leaves that incomplete (it must remember new
// versions, so that nobody rolls them back), and what was installed before has to go on working meanwhile.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../files/atomic-write.ts';
import { listIfThere, readIfThere } from '../files/read.ts';
import type { Context } from './context.ts';
import type { Trusted } from './trusted.ts';

/** Metadata files by name, and the root under which they were verified. They are verified again at each use. */
export type Proof = { readonly rootVersion: number; readonly files: { readonly [name: string]: string } };

/** The proof of a role; undefined where it was never verified, or where the file is damaged. */
export async function readProof(context: Context, role: string): Promise<Proof | undefined> {
  const bytes = await readIfThere(toPath(context, role));
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8')) as Proof;
  } catch {
    return undefined;
  }
}

/** The roles that have a proof. */
export async function listProofs(context: Context): Promise<readonly string[]> {
  const names = await listIfThere(join(context.folder, 'proofs'));
  return names.filter((name) => /^[^.].*\.json$/.test(name)).map((name) => name.slice(0, -'.json'.length));
}

/** Keeps a proof of every role that a finished visit has verified. */
export async function keepProofs(context: Context, staging: string, trusted: Trusted): Promise<void> {
  const rootVersion = trusted.root.signed.version;
  for (const [role, chain] of trusted.chains) {
    const names = ['timestamp', 'snapshot', ...chain].map((part) => `${part}.json`);
    const files = await Promise.all(
      names.map(async (name) => [name, await readFile(join(staging, name), 'utf8')] as const),
    );
    const text = JSON.stringify({ rootVersion, files: Object.fromEntries(files) } satisfies Proof);
    const known = await readIfThere(toPath(context, role));
    if (known?.toString('utf8') !== text) await writeAtomically(toPath(context, role), text);
  }
}

function toPath(context: Context, role: string): string {
  return join(context.folder, 'proofs', `${role}.json`);
}
