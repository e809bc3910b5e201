// Rollback: a mirror shows what was true once, so that a hole that was closed is open again.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSigningKey } from '../keys/key.ts';
import { publishSkill } from '../repository/publish.ts';
import { refreshRepository } from '../repository/refresh.ts';
import { rotateKeys } from '../repository/rotate.ts';
import { newSkill } from '../testing/skills.ts';
import { createVictim, forge, from, readSigned } from '../testing/victim.ts';

describe('rollback', () => {
  it('refuses the whole registry of yesterday', async () => {
    const victim = await createVictim();
    const old = victim.copy();
    await publishSkill(victim.repository, newSkill('finance', '1.1.0'), victim.online);
    await victim.client.refresh();
    victim.mirror.folder = old.folder;
    await victim.refuses('rolled_back');
  });

  it('refuses an older timestamp over the same snapshot', async () => {
    const victim = await createVictim();
    const old = readFileSync(join(victim.repository.folder, 'timestamp.json'));
    await refreshRepository(victim.repository, [victim.keys.timestamp]);
    await victim.client.refresh();
    victim.mirror.lie = (path) => (path === 'timestamp.json' ? old : undefined);
    await victim.refuses('rolled_back');
  });

  it('refuses a new timestamp, of a stolen key, that names an older snapshot', async () => {
    const victim = await createVictim();
    const { folder } = victim.repository;
    const old = readSigned(folder, 'timestamp.json');
    await publishSkill(victim.repository, newSkill('finance', '1.1.0'), victim.online);
    await victim.client.refresh();
    victim.mirror.lie = (path) =>
      path === 'timestamp.json'
        ? forge(old, (signed) => Object.assign(signed, { version: 50 }), [victim.keys.timestamp])
        : undefined;
    await victim.refuses('rolled_back');
  });

  it('refuses a new snapshot, of stolen keys, that names older targets', async () => {
    const victim = await createVictim();
    const { keys } = victim;
    const old = victim.copy();
    const oldSnapshot = readSigned(old.folder, '2.snapshot.json');
    await publishSkill(victim.repository, newSkill('finance', '1.1.0'), victim.online);
    await victim.client.refresh();
    const snapshot = forge(oldSnapshot, (signed) => Object.assign(signed, { version: 50 }), [keys.snapshot]);
    const timestamp = forge(
      readSigned(victim.repository.folder, 'timestamp.json'),
      (signed) => Object.assign(signed, { version: 50, meta: { 'snapshot.json': { version: 50 } } }),
      [keys.timestamp],
    );
    victim.mirror.lie = (path) =>
      path === 'timestamp.json' ? timestamp : path === '50.snapshot.json' ? snapshot : undefined;
    await victim.refuses('rolled_back');
  });

  it('refuses a snapshot that drops a namespace', async () => {
    const victim = await createVictim();
    const { keys } = victim;
    const owner = createSigningKey();
    const { delegateNamespace } = await import('../repository/delegate.ts');
    await delegateNamespace(victim.repository, 'acme', { keys: [owner], threshold: 1 }, victim.online);
    await publishSkill(victim.repository, newSkill('acme:tool', '1.0.0'), [...victim.online, owner]);
    await victim.client.refresh();
    const { folder } = victim.repository;
    const last = readSigned(folder, 'timestamp.json');
    const version = (last.signed.meta as { 'snapshot.json': { version: number } })['snapshot.json'].version;
    const snapshot = forge(
      readSigned(folder, `${version}.snapshot.json`),
      (signed) => {
        signed.version = 50;
        delete (signed.meta as Record<string, unknown>)['acme.json'];
      },
      [keys.snapshot],
    );
    const timestamp = forge(
      last,
      (signed) => Object.assign(signed, { version: 50, meta: { 'snapshot.json': { version: 50 } } }),
      [keys.timestamp],
    );
    victim.mirror.lie = (path) =>
      path === 'timestamp.json' ? timestamp : path === '50.snapshot.json' ? snapshot : undefined;
    await victim.refuses('rolled_back');
  });

  it('refuses a root that carries a lower version than its place', async () => {
    const victim = await createVictim();
    const one = readFileSync(join(victim.repository.folder, '1.root.json'));
    await rotateKeys(victim.repository, { role: 'root' }, victim.all);
    victim.mirror.lie = (path) => (path === '2.root.json' ? one : undefined);
    await victim.refuses('rolled_back');
  });

  it('does not forget a root that it has followed, when the mirror hides it', async () => {
    const victim = await createVictim();
    const fresh = createSigningKey();
    const stolen = victim.keys.timestamp;
    await rotateKeys(victim.repository, { role: 'timestamp', add: [fresh], remove: [stolen.keyId] }, [
      ...victim.all,
      fresh,
    ]);
    await victim.client.refresh();
    expect((await victim.client.refresh()).rootVersion).toBe(2);
    const forged = forge(
      readSigned(victim.repository.folder, 'timestamp.json'),
      (signed) => Object.assign(signed, { version: 60 }),
      [stolen],
    );
    victim.mirror.lie = (path) => (path === '2.root.json' ? null : path === 'timestamp.json' ? forged : undefined);
    await victim.refuses('wrong_key');
  });

  it('keeps its memory when a later step fails', async () => {
    const victim = await createVictim();
    const old = victim.copy();
    await publishSkill(victim.repository, newSkill('finance', '1.1.0'), victim.online);
    victim.mirror.lie = (path) => (/targets\.json$/.test(path) ? null : undefined);
    await victim.client.install(from('remote:finance')).catch(() => undefined);
    victim.mirror.lie = () => undefined;
    victim.mirror.folder = old.folder;
    await expect(victim.client.refresh()).rejects.toMatchObject({ details: { reason: 'rolled_back' } });
  });
});
