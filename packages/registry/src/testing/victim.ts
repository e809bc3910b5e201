// A client that has installed a good version, and a mirror that begins to lie: what every attack test starts from.
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { createRegistryClient, type RegistryClientOptions } from '../client/client.ts';
import { toCanonicalJson } from '../encoding/canonical.ts';
import { type RegistryFault, toFaultReason } from '../faults.ts';
import type { SigningKey } from '../keys/key.ts';
import type { Repository } from '../repository/layout.ts';
import { publishSkill } from '../repository/publish.ts';
import { parseSource, type RegistrySource } from '../sources/source.ts';
import { createFixture, fetchFrom, type Lie, URL_OF_TESTS } from './fixture.ts';
import { newFolder } from './folders.ts';
import { newSkill } from './skills.ts';

export type Victim = Awaited<ReturnType<typeof createVictim>>;

/** Signed metadata as JSON. */
export type Signed = {
  signed: Record<string, unknown> & { version: number; expires: string };
  signatures: { keyid: string; sig: string }[];
};

/** Shorthand for a source of the registry. */
export function from(text: string): RegistrySource {
  return parseSource(text) as RegistrySource;
}

/** A registry with finance@1.0.0, and a client that has installed it. */
export async function createVictim(options: Partial<RegistryClientOptions> = {}) {
  const fixture = await createFixture();
  const { digest } = await publishSkill(fixture.repository, newSkill('finance', '1.0.0'), fixture.online);
  const cacheFolder = newFolder();
  const mirror: { folder: string; lie: Lie } = { folder: fixture.repository.folder, lie: () => undefined };
  const client = createRegistryClient({
    url: URL_OF_TESTS,
    cacheFolder,
    trustedRoot: fixture.trustedRoot,
    fetch: (url) => fetchFrom(mirror.folder, mirror.lie)(url),
    now: fixture.repository.now!,
    ...options,
  });
  const pin = { version: '1.0.0', digest };
  await client.install(from('remote:finance'));
  const artifacts = () => readdirSync(join(cacheFolder, 'artifacts'));
  const before = artifacts();
  return {
    ...fixture,
    client,
    cacheFolder,
    /** Where the client looks; change it to attack. */
    mirror,
    pin,
    /** The registry as it is now, under another folder: an attacker's copy. */
    copy: (): Repository => {
      const folder = newFolder();
      cpSync(fixture.repository.folder, folder, { recursive: true });
      return { ...fixture.repository, folder };
    },
    /** The attack is refused for this reason, nothing was installed, and the earlier version still works. */
    refuses: async (reason: RegistryFault, source = 'remote:finance') => {
      const error = await client.install(from(source)).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect([toFaultReason(error), error]).toEqual([reason, error]);
      expect(artifacts()).toEqual(before);
      expect((await client.load(from('remote:finance'), pin)).digest).toBe(digest);
    },
  };
}

/** Reads metadata as JSON. */
export function readSigned(folder: string, name: string): Signed {
  return JSON.parse(readFileSync(join(folder, name), 'utf8')) as Signed;
}

/** Metadata with another signed part, signed by these keys and no others. */
export function forge(
  metadata: Signed,
  change: (signed: Signed['signed']) => void,
  keys: readonly SigningKey[],
): Buffer {
  const signed = structuredClone(metadata.signed);
  change(signed);
  const bytes = Buffer.from(toCanonicalJson(signed as never));
  const signatures = keys.map((key) => ({ keyid: key.keyId, sig: key.sign(bytes).toString('hex') }));
  return Buffer.from(JSON.stringify({ signed, signatures }));
}
