// Stolen keys, missing keys, keys counted twice: what signatures are worth, and how a registry recovers.
import { describe, expect, it } from 'vitest';
import { createSigningKey, toTufKey } from '../keys/key.ts';
import { publishSkill } from '../repository/publish.ts';
import { refreshRepository } from '../repository/refresh.ts';
import { rotateKeys } from '../repository/rotate.ts';
import { signPending } from '../repository/sign.ts';
import { newSkill } from '../testing/skills.ts';
import { createVictim, forge, from, readSigned } from '../testing/victim.ts';

const later = (version: number) => (signed: { version: number }) => Object.assign(signed, { version });

describe('stolen keys', () => {
  for (const role of ['timestamp', 'snapshot', 'targets'] as const) {
    it(`are worth nothing after a rotation: ${role}`, async () => {
      const victim = await createVictim();
      const { repository, keys } = victim;
      const stolen = keys[role];
      const fresh = createSigningKey();
      const outcome = await rotateKeys(repository, { role, add: [fresh], remove: [stolen.keyId] }, [
        ...victim.all,
        fresh,
      ]);
      expect(outcome).toEqual({ published: true, waiting: [] });
      const now = victim.all.map((key) => (key === stolen ? fresh : key));
      await publishSkill(repository, newSkill('finance', '1.1.0'), now);
      expect((await victim.client.install(from('remote:finance@1.1.0'))).entry.version).toBe('1.1.0');
      expect(readSigned(repository.folder, 'timestamp.json').signatures.map(({ keyid }) => keyid)).toEqual([
        role === 'timestamp' ? fresh.keyId : keys.timestamp.keyId,
      ]);
    });
  }

  it('of a role that was rotated without the old key, because it was lost', async () => {
    const victim = await createVictim();
    const fresh = createSigningKey();
    const { keys } = victim;
    const change = { role: 'timestamp', add: [fresh], remove: [keys.timestamp.keyId] } as const;
    await rotateKeys(victim.repository, change, [...keys.root, keys.targets, keys.snapshot, fresh]);
    expect((await victim.client.refresh()).rootVersion).toBe(2);
  });

  it('cannot forge a timestamp once the client knows the new root', async () => {
    const victim = await createVictim();
    const { repository, keys } = victim;
    const fresh = createSigningKey();
    await rotateKeys(repository, { role: 'timestamp', add: [fresh], remove: [keys.timestamp.keyId] }, [
      ...victim.all,
      fresh,
    ]);
    const forged = forge(readSigned(repository.folder, 'timestamp.json'), later(99), [keys.timestamp]);
    victim.mirror.lie = (path) => (path === 'timestamp.json' ? forged : undefined);
    await victim.refuses('wrong_key');
  });

  for (const role of ['timestamp', 'snapshot'] as const) {
    it(`that sent versions to the end of time are undone by a rotation of the ${role} key (fast-forward)`, async () => {
      const victim = await createVictim();
      const { repository, keys } = victim;
      const { folder } = repository;
      const far = 1_000_000;
      const snapshot = forge(readSigned(folder, '2.snapshot.json'), later(far), [keys.snapshot]);
      const timestamp = forge(
        readSigned(folder, 'timestamp.json'),
        (signed) =>
          Object.assign(signed, {
            version: role === 'timestamp' ? far : signed.version + 1,
            meta: { 'snapshot.json': { version: far } },
          }),
        [keys.timestamp],
      );
      victim.mirror.lie = (path) =>
        path === 'timestamp.json' ? timestamp : path === `${far}.snapshot.json` ? snapshot : undefined;
      await victim.client.refresh();
      victim.mirror.lie = () => undefined;
      for (let count = 0; count < 2; count++) await refreshRepository(repository, victim.online);
      await victim.refuses('rolled_back');
      const fresh = createSigningKey();
      await rotateKeys(repository, { role, add: [fresh], remove: [keys[role].keyId] }, [...victim.all, fresh]);
      expect((await victim.client.install(from('remote:finance'))).rootVersion).toBe(2);
    });
  }

  it('one root key alone makes no root', async () => {
    const victim = await createVictim();
    const { folder } = victim.repository;
    const thief = createSigningKey();
    const forged = forge(
      readSigned(folder, '1.root.json'),
      (signed) => {
        const roles = signed.roles as Record<string, { keyids: string[] }>;
        roles.targets!.keyids = [thief.keyId];
        (signed.keys as Record<string, unknown>)[thief.keyId] = toTufKey(thief);
        signed.version = 2;
      },
      [victim.keys.root[0]!],
    );
    victim.mirror.lie = (path) => (path === '2.root.json' ? forged : undefined);
    await victim.refuses('threshold_not_met');
  });
});

describe('thresholds', () => {
  it('a new root waits until enough holders of old and new keys have signed', async () => {
    const victim = await createVictim();
    const { repository, keys } = victim;
    const [first, second, third] = keys.root as [typeof keys.targets, typeof keys.targets, typeof keys.targets];
    const fresh = createSigningKey();
    const change = { role: 'root', add: [fresh], remove: [first.keyId, second.keyId], threshold: 2 } as const;
    const started = await rotateKeys(repository, change, [first]);
    expect(started).toMatchObject({ published: false, waiting: [{ role: 'root', signedBy: [first.keyId] }] });
    expect((await signPending(repository, [second])).published).toBe(false);
    expect((await victim.client.refresh()).rootVersion).toBe(1);
    expect((await signPending(repository, [fresh])).published).toBe(false);
    expect((await signPending(repository, [third])).published).toBe(true);
    expect((await victim.client.refresh()).rootVersion).toBe(2);
  });

  it('refuses the same signature twice, and counts one key once', async () => {
    const victim = await createVictim();
    const { folder } = victim.repository;
    const key = victim.keys.root[0]!;
    const root = JSON.parse(forge(readSigned(folder, '1.root.json'), later(2), [key]).toString()) as {
      signatures: unknown[];
    };
    const twice = Buffer.from(JSON.stringify({ ...root, signatures: [...root.signatures, ...root.signatures] }));
    victim.mirror.lie = (path) => (path === '2.root.json' ? twice : undefined);
    await victim.refuses('malformed');
  });

  it('refuses one key under two ids, whoever signed that', async () => {
    const victim = await createVictim();
    const { folder } = victim.repository;
    const key = victim.keys.timestamp;
    const root = forge(
      readSigned(folder, '1.root.json'),
      (signed) => {
        signed.version = 2;
        (signed.keys as Record<string, unknown>)['ab'.repeat(32)] = toTufKey(key);
        (signed.roles as Record<string, unknown>).timestamp = { keyids: [key.keyId, 'ab'.repeat(32)], threshold: 2 };
      },
      victim.keys.root,
    );
    victim.mirror.lie = (path) => (path === '2.root.json' ? root : undefined);
    await victim.refuses('threshold_not_met');
  });
});

describe('the chain of roots', () => {
  it('is followed over many rotations by a client that was away', async () => {
    const victim = await createVictim();
    for (let count = 0; count < 6; count++) {
      const fresh = createSigningKey();
      const old = victim.keys.root[count % 3]!;
      await rotateKeys(victim.repository, { role: 'root', add: [fresh], remove: [old.keyId] }, [
        ...victim.keys.root,
        fresh,
      ]);
      victim.keys.root[count % 3] = fresh;
    }
    expect((await victim.client.refresh()).rootVersion).toBe(7);
  });

  it('refuses a root that leaves one out', async () => {
    const victim = await createVictim();
    for (let count = 0; count < 2; count++) await rotateKeys(victim.repository, { role: 'root' }, victim.keys.root);
    const { readFileSync } = await import('node:fs');
    const three = readFileSync(`${victim.repository.folder}/3.root.json`);
    victim.mirror.lie = (path) => (path === '2.root.json' ? three : undefined);
    await victim.refuses('mixed');
  });

  it('refuses a trust root that its own keys have not signed', async () => {
    const victim = await createVictim();
    const forged = forge(readSigned(victim.repository.folder, '1.root.json'), () => undefined, [createSigningKey()]);
    const client = victim.createClient({ trustedRoot: forged });
    await expect(client.refresh()).rejects.toMatchObject({ details: { reason: 'malformed' } });
  });
});
