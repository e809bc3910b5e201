// Publishing: immutable versions, two publishers at once, several key holders, offline signatures, expiry.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSigningKey } from '../keys/key.ts';
import { createFixture } from '../testing/fixture.ts';
import { newFolder } from '../testing/folders.ts';
import { newSkill } from '../testing/skills.ts';
import { from } from '../testing/victim.ts';
import { delegateNamespace } from './delegate.ts';
import { initRepository } from './init.ts';
import { publishSkill } from './publish.ts';
import { refreshRepository } from './refresh.ts';
import { addKey, rotateKeys } from './rotate.ts';
import { signFile, signPending } from './sign.ts';
import { readStatus } from './status.ts';
import { revokeSkill, yankSkill } from './withdraw.ts';

describe('a repository', () => {
  it('has the layout of a static TUF repository', async () => {
    const { repository, online } = await createFixture();
    const { digest } = await publishSkill(repository, newSkill(), online);
    const names = readdirSync(repository.folder).filter((name) => !name.startsWith('.'));
    expect(names.sort()).toEqual([
      '1.root.json',
      '1.snapshot.json',
      '1.targets.json',
      '2.snapshot.json',
      '2.targets.json',
      'root.json',
      'targets',
      'timestamp.json',
    ]);
    expect(existsSync(join(repository.folder, 'targets/finance', `${digest.slice(7)}.1.0.0.skill`))).toBe(true);
  });

  it('takes a root threshold of two or more, met by the keys at hand', async () => {
    const [a, b] = [createSigningKey(), createSigningKey()];
    const one = { keys: [a], threshold: 1 };
    const roles = { root: { keys: [a, b], threshold: 2 }, targets: one, snapshot: one, timestamp: one };
    const code = (promise: Promise<unknown>) => expect(promise).rejects.toMatchObject({ code: 'invalid_request' });
    await code(initRepository({ folder: newFolder() }, { ...roles, root: { keys: [a, b], threshold: 1 } }, [a, b]));
    await code(initRepository({ folder: newFolder() }, { ...roles, root: { keys: [a, a], threshold: 2 } }, [a, b]));
    await code(initRepository({ folder: newFolder() }, roles, [a]));
    const folder = newFolder();
    await initRepository({ folder }, roles, [a, b]);
    await expect(initRepository({ folder }, roles, [a, b])).rejects.toMatchObject({ code: 'conflict' });
  });

  it('takes the same bytes twice and other bytes never', async () => {
    const { repository, online } = await createFixture();
    await publishSkill(repository, newSkill(), online);
    const before = readFileSync(join(repository.folder, 'timestamp.json'), 'utf8');
    await publishSkill(repository, newSkill(), online);
    expect(readFileSync(join(repository.folder, 'timestamp.json'), 'utf8')).toBe(before);
    const again = publishSkill(repository, newSkill('finance', '1.0.0', 'return 2'), online);
    await expect(again).rejects.toMatchObject({ code: 'conflict', details: { reason: 'immutable' } });
  });

  it('has room for many publishers at once, and loses nothing', async () => {
    const fixture = await createFixture();
    const names = Array.from({ length: 12 }, (_, index) => `skill-${String.fromCharCode(97 + index)}`);
    await Promise.all(names.map((name) => publishSkill(fixture.repository, newSkill(name), fixture.online)));
    expect((await fixture.createClient().list()).map(({ name }) => name).sort()).toEqual(names);
  });

  it('refuses a namespace that was not delegated, and names that no namespace may have', async () => {
    const { repository, online } = await createFixture();
    await expect(publishSkill(repository, newSkill('acme:tool'), online)).rejects.toMatchObject({ code: 'not_found' });
    for (const name of ['targets', 'Acme', '../x', 'a/b']) {
      const delegating = delegateNamespace(repository, name, { keys: [createSigningKey()], threshold: 1 }, online);
      await expect(delegating).rejects.toMatchObject({ code: 'invalid_request' });
    }
  });

  it('says nothing is to be withdrawn that was never published, or without a reason', async () => {
    const { repository, online } = await createFixture();
    const skill = { name: 'finance', version: '1.0.0' };
    await expect(yankSkill(repository, skill, 'bad', online)).rejects.toMatchObject({ code: 'not_found' });
    await expect(revokeSkill(repository, skill, 'bad', online)).rejects.toMatchObject({ code: 'not_found' });
    await expect(yankSkill(repository, skill, ' ', online)).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

describe('several key holders', () => {
  it('publish without the online keys, and a refresh makes it public', async () => {
    const fixture = await createFixture();
    const { repository, keys } = fixture;
    const waiting = await publishSkill(repository, newSkill(), [keys.targets]);
    expect(waiting).toMatchObject({ published: false, waiting: [{ role: 'targets', signedBy: [keys.targets.keyId] }] });
    expect(await fixture.createClient().list()).toEqual([]);
    expect((await publishSkill(repository, newSkill(), [keys.targets])).published).toBe(false);
    expect(await refreshRepository(repository, [keys.snapshot, keys.timestamp])).toEqual({
      published: true,
      waiting: [],
    });
    expect(await fixture.createClient().list()).toHaveLength(1);
  });

  it('sign on a machine without the repository', async () => {
    const fixture = await createFixture();
    const { repository, keys } = fixture;
    const fresh = createSigningKey();
    await addKey(repository, { role: 'root', key: fresh, threshold: 3 }, [keys.root[0]!]);
    const carried = join(newFolder(), 'root.json');
    const { pendingFolder } = await readStatus(repository);
    writeFileSync(carried, readFileSync(join(pendingFolder, 'root.json')));
    await signFile(carried, keys.root[1]!);
    await signFile(carried, fresh);
    writeFileSync(join(pendingFolder, 'root.json'), readFileSync(carried));
    expect(await signPending(repository, [])).toEqual({ published: true, waiting: [] });
    expect((await fixture.createClient().refresh()).rootVersion).toBe(2);
    expect((await readStatus(repository)).roles.find(({ role }) => role === 'root')?.signedBy).toHaveLength(3);
  });

  it('rotate an online key in two steps, and no client is refused between', async () => {
    const fixture = await createFixture();
    const { repository, keys } = fixture;
    const client = fixture.createClient();
    await publishSkill(repository, newSkill(), fixture.online);
    const fresh = createSigningKey();
    const change = { role: 'timestamp', add: [fresh], remove: [keys.timestamp.keyId] } as const;
    expect((await rotateKeys(repository, change, [keys.root[0]!])).published).toBe(false);
    expect((await client.refresh()).rootVersion).toBe(1);
    // The second root holder has no online key: the old metadata would not hold under the new root, so it waits.
    expect((await signPending(repository, [keys.root[1]!])).published).toBe(false);
    expect((await client.refresh()).rootVersion).toBe(1);
    await refreshRepository(repository, [keys.timestamp, fresh]);
    expect((await client.refresh()).rootVersion).toBe(2);
    expect((await client.install(from('remote:finance'))).entry.version).toBe('1.0.0');
    await expect(publishSkill(repository, newSkill('finance', '2.0.0'), fixture.online)).resolves.toMatchObject({
      published: false,
    });
  });

  it('refuse to remove so many keys that no threshold could be met', async () => {
    const { repository, keys, all } = await createFixture();
    const remove = keys.root.slice(0, 2).map(({ keyId }) => keyId);
    await expect(rotateKeys(repository, { role: 'root', remove }, all)).rejects.toMatchObject({
      code: 'invalid_request',
    });
    await expect(rotateKeys(repository, { role: 'root', threshold: 1 }, all)).rejects.toMatchObject({
      code: 'invalid_request',
    });
    await expect(rotateKeys(repository, { role: 'targets', remove: ['no'] }, all)).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });
});

describe('the status', () => {
  it('tells versions, expiry and namespaces', async () => {
    const fixture = await createFixture();
    const { repository, online } = fixture;
    await publishSkill(repository, newSkill(), online);
    await delegateNamespace(repository, 'acme', { keys: [createSigningKey()], threshold: 1 }, online);
    fixture.passDays(3);
    const status = await readStatus(repository);
    expect(status.namespaces).toEqual(['acme']);
    expect(status.roles.map(({ role, version, expired }) => [role, version, expired])).toEqual([
      ['root', 1, false],
      ['timestamp', 3, true],
      ['snapshot', 3, false],
      ['targets', 3, false],
    ]);
    await expect(readStatus({ folder: newFolder() })).rejects.toMatchObject({ code: 'not_found' });
  });
});
