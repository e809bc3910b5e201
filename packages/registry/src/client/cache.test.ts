// The cache: verified again at each load, never trusted, never in the way, and useful without a network.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRegistryClient } from '../client/client.ts';
import { createSigningKey } from '../keys/key.ts';
import { publishSkill } from '../repository/publish.ts';
import { rotateKeys } from '../repository/rotate.ts';
import { fetchFrom, URL_OF_TESTS } from '../testing/fixture.ts';
import { newFolder } from '../testing/folders.ts';
import { newSkill } from '../testing/skills.ts';
import { createVictim, forge, from, readSigned, type Victim } from '../testing/victim.ts';

const source = from('remote:finance');
const reason = (promise: Promise<unknown>, wanted: string) =>
  expect(promise).rejects.toMatchObject({ details: { reason: wanted } });

/** Every file of the client's own registry folder. */
function findFiles(victim: Victim, part: string): readonly string[] {
  const registries = join(victim.cacheFolder, 'registries');
  const folder = join(registries, readdirSync(registries)[0]!, part);
  return readdirSync(folder).map((name) => join(folder, name));
}

function damage(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] = bytes[bytes.length >> 1]! ^ 1;
  writeFileSync(path, bytes);
}

describe('a cached archive', () => {
  it('that was changed does not load, and is replaced when there is a network', async () => {
    const victim = await createVictim();
    const [path] = readdirSync(join(victim.cacheFolder, 'artifacts')).map((name) =>
      join(victim.cacheFolder, 'artifacts', name),
    );
    damage(path!);
    await reason(victim.client.load(source, victim.pin), 'tampered');
    expect((await victim.client.install(source)).digest).toBe(victim.pin.digest);
    expect((await victim.client.load(source, victim.pin)).digest).toBe(victim.pin.digest);
  });

  it('that is gone is said to be gone', async () => {
    const victim = await createVictim();
    rmSync(join(victim.cacheFolder, 'artifacts'), { recursive: true });
    await reason(victim.client.load(source, victim.pin), 'missing');
  });

  it('loads under its own pin only', async () => {
    const victim = await createVictim();
    const digest = `sha256:${'0'.repeat(64)}` as const;
    await reason(victim.client.load(source, { version: '1.0.0', digest }), 'not_as_locked');
    await reason(victim.client.install(source, { version: '1.0.0', digest }), 'not_as_locked');
    await reason(victim.client.load(source, { ...victim.pin, version: '3.0.0' }), 'missing');
    await reason(victim.client.load(from('remote:other'), victim.pin), 'missing');
  });
});

describe('cached metadata', () => {
  for (const part of ['metadata', 'proofs', 'roots']) {
    it(`that was damaged (${part}) is fetched again`, async () => {
      const victim = await createVictim();
      await rotateKeys(victim.repository, { role: 'root' }, victim.keys.root);
      await victim.client.refresh();
      for (const path of findFiles(victim, part)) damage(path);
      expect((await victim.client.install(source)).digest).toBe(victim.pin.digest);
      expect((await victim.client.load(source, victim.pin)).digest).toBe(victim.pin.digest);
    });

    it(`that was cut off (${part}) is fetched again`, async () => {
      const victim = await createVictim();
      await rotateKeys(victim.repository, { role: 'root' }, victim.keys.root);
      await victim.client.refresh();
      for (const path of findFiles(victim, part)) writeFileSync(path, '');
      expect((await victim.client.install(source)).rootVersion).toBe(2);
      expect((await victim.client.load(source, victim.pin)).digest).toBe(victim.pin.digest);
    });
  }

  it('proves nothing that its keys have not signed, whoever wrote it there', async () => {
    const victim = await createVictim();
    const thief = createSigningKey();
    for (const path of findFiles(victim, 'proofs')) {
      const proof = JSON.parse(readFileSync(path, 'utf8')) as { files: Record<string, string> };
      proof.files['targets.json'] = forge(readSigned(victim.repository.folder, '2.targets.json'), () => undefined, [
        thief,
      ]).toString();
      writeFileSync(path, JSON.stringify(proof));
    }
    await expect(victim.client.load(source, victim.pin)).rejects.toMatchObject({
      code: expect.stringMatching(/forbidden|digest_mismatch/),
    });
  });

  it('of one trust root counts for no other', async () => {
    const [victim, other] = [await createVictim(), await createVictim()];
    const client = createRegistryClient({
      url: URL_OF_TESTS,
      cacheFolder: victim.cacheFolder,
      trustedRoot: other.trustedRoot,
      fetch: fetchFrom(victim.repository.folder),
      now: victim.repository.now!,
    });
    await reason(client.load(source, victim.pin), 'unreachable');
    await reason(client.install(source), 'wrong_key');
  });
});

describe('without a network', () => {
  const offline = (victim: Victim, cacheFolder = victim.cacheFolder) =>
    createRegistryClient({
      url: URL_OF_TESTS,
      cacheFolder,
      trustedRoot: victim.trustedRoot,
      fetch: () => Promise.reject(new Error('no network')),
      now: victim.repository.now!,
      offline: true,
    });

  it('resolves, lists and installs from the cache until it expires, and says when it did', async () => {
    const victim = await createVictim();
    const client = offline(victim);
    expect((await client.resolve(source)).version).toBe('1.0.0');
    expect(await client.list()).toHaveLength(1);
    expect((await client.install(source)).digest).toBe(victim.pin.digest);
    victim.passDays(3);
    await reason(client.resolve(source), 'frozen');
    expect((await client.load(source, victim.pin)).stale).toBe('frozen');
  });

  it('says that there is nothing where there is nothing', async () => {
    const victim = await createVictim();
    const client = offline(victim, newFolder());
    const works = [
      () => client.refresh(),
      () => client.list(),
      () => client.load(source, victim.pin),
      () => client.revocations(),
    ];
    for (const work of works) {
      await reason(work(), 'unreachable');
    }
  });

  it('says of an online client that the registry cannot be reached, and still loads what is pinned', async () => {
    const victim = await createVictim();
    victim.mirror.lie = () => {
      throw new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') });
    };
    await victim.refuses('unreachable');
  });
});

describe('many clients over one cache', () => {
  it('take turns and all succeed', async () => {
    const victim = await createVictim();
    await publishSkill(victim.repository, newSkill('finance', '1.1.0'), victim.online);
    const client = () =>
      createRegistryClient({
        url: URL_OF_TESTS,
        cacheFolder: victim.cacheFolder,
        trustedRoot: victim.trustedRoot,
        fetch: fetchFrom(victim.repository.folder),
        now: victim.repository.now!,
      });
    const work = Array.from({ length: 10 }, (_, index) =>
      index % 2 === 0 ? client().install(source) : client().load(source, victim.pin),
    );
    expect(await Promise.all(work)).toHaveLength(10);
    expect(readdirSync(join(victim.cacheFolder, 'artifacts'))).toHaveLength(2);
  });
});
