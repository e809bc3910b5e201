// A publisher that is killed at any moment leaves a repository that every client accepts, and that can be published to.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createRegistryClient } from '../client/client.ts';
import { createSigningKey } from '../keys/key.ts';
import { writeKey } from '../keys/key-file.ts';
import { fetchFrom, URL_OF_TESTS } from '../testing/fixture.ts';
import { newFolder } from '../testing/folders.ts';
import { newSkill } from '../testing/skills.ts';
import { from } from '../testing/victim.ts';
import { initRepository } from './init.ts';
import { publishSkill } from './publish.ts';

const ROUNDS = 12;
const FIXTURE = fileURLToPath(new URL('./kill.fixture.ts', import.meta.url));

it('survives kill -9 at random moments of repeated publishing', { timeout: 120_000 }, async () => {
  const [folder, keyFolder] = [newFolder(), newFolder()];
  const roots = [createSigningKey(), createSigningKey(), createSigningKey()];
  const online = createSigningKey();
  for (const [index, key] of roots.entries()) await writeKey(`${keyFolder}/root${index}.json`, key);
  await writeKey(`${keyFolder}/online.json`, online);
  const one = { keys: [online], threshold: 1 };
  const trustedRoot = await initRepository(
    { folder },
    { root: { keys: roots, threshold: 2 }, targets: one, snapshot: one, timestamp: one },
    [...roots, online],
  );
  await publishSkill({ folder }, newSkill('finance', '0.9.0'), [online]);
  const open = () =>
    createRegistryClient({ url: URL_OF_TESTS, cacheFolder: newFolder(), trustedRoot, fetch: fetchFrom(folder) });
  const returning = open();
  for (let round = 0; round < ROUNDS; round++) {
    const child = spawn(process.execPath, [FIXTURE, folder, keyFolder, String(round * 100_000)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    await new Promise((done) => setTimeout(done, 5 + Math.random() * 120));
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    for (const client of [returning, open()]) await client.install(from('remote:finance'));
    expect((await publishSkill({ folder }, newSkill('finance', `0.9.${round + 1}`), [online])).published).toBe(true);
  }
  expect((await returning.list()).length).toBeGreaterThan(ROUNDS);
});
