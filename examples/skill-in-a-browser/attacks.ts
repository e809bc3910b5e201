// What a mirror can do to a registry's files without the keys; each with the reason that every client has to give.
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RegistryFault } from '@pypes/registry';

/** Other states of the registry, signed with the same keys. */
export type Others = {
  /** As it was one state earlier. */
  readonly before: string;
  /** As it might be now: the same versions, other content. */
  readonly fork: string;
};

export type Attack = {
  readonly name: string;
  readonly reason: RegistryFault;
  /** Seen by a client that was there before. */
  readonly isReturning?: boolean;
  /** How much later the client looks. */
  readonly days?: number;
  readonly spoil?: (folder: string, others: Others) => void;
};

export const ATTACKS: readonly Attack[] = [
  {
    name: 'a byte of the skill is another one',
    reason: 'tampered',
    spoil: (folder) => edit(archiveOf(folder), (bytes) => (bytes[bytes.length - 2000]! ^= 1)),
  },
  {
    name: 'the skill goes on beyond its length',
    reason: 'too_large',
    spoil: (folder) => writeFileSync(archiveOf(folder), Buffer.alloc(1024), { flag: 'a' }),
  },
  {
    name: "the owner's list names other bytes",
    reason: 'tampered',
    spoil: (folder) => replace(newest(folder, 'acme'), /"sha256":"[0-9a-f]{8}/, '"sha256":"00000000'),
  },
  {
    name: 'the timestamp was changed and kept its signature',
    reason: 'tampered',
    spoil: (folder) => replace(join(folder, 'timestamp.json'), /"expires":"2/, '"expires":"3'),
  },
  {
    name: 'the timestamp is signed by a stranger',
    reason: 'wrong_key',
    spoil: (folder) => replace(join(folder, 'timestamp.json'), /"keyid":"[0-9a-f]{64}/, `"keyid":"${'0'.repeat(64)}`),
  },
  {
    name: 'the snapshot is signed, and of an earlier state',
    reason: 'mixed',
    spoil: (folder, { before }) => copyFileSync(newest(before, 'snapshot'), newest(folder, 'snapshot')),
  },
  {
    name: 'the snapshot is signed, of the same version, and another one',
    reason: 'mixed',
    spoil: (folder, { fork }) => copyFileSync(newest(fork, 'snapshot'), newest(folder, 'snapshot')),
  },
  {
    name: 'everything is as it was one state earlier',
    reason: 'rolled_back',
    isReturning: true,
    spoil: (folder, { before }) => copyFileSync(join(before, 'timestamp.json'), join(folder, 'timestamp.json')),
  },
  { name: 'nothing new for three days', reason: 'frozen', days: 3 },
  { name: 'the owners are gone for two years', reason: 'expired_root', days: 730 },
];

function archiveOf(folder: string): string {
  const home = join(folder, 'targets', 'acme', 'portfolio');
  return join(home, readdirSync(home).find((name) => name.endsWith('.1.0.0.skill')) ?? '');
}

/** The file of a role with the highest version. */
function newest(folder: string, role: string): string {
  const versions = readdirSync(folder).flatMap((name) =>
    name.endsWith(`.${role}.json`) ? [Number.parseInt(name, 10)] : [],
  );
  return join(folder, `${Math.max(...versions)}.${role}.json`);
}

function edit(path: string, change: (bytes: Buffer) => void): void {
  const bytes = readFileSync(path);
  change(bytes);
  writeFileSync(path, bytes);
}

function replace(path: string, what: RegExp, by: string): void {
  const text = readFileSync(path, 'utf8');
  const changed = text.replace(what, by);
  if (changed === text) throw new Error(`${path} has nothing to change`);
  writeFileSync(path, changed);
}
