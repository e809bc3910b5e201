// Rotations of a key file: whatever the moment at which one is killed, the key at hand opens every secret.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createVault } from '@pypes/host';
import { createVaultKeys } from '@pypes/service/vault-key';
import { createFilesystemSecretStore } from '@pypes/stores/filesystem';
import { afterAll, describe, expect, it } from 'vitest';
import { initVault } from './init.ts';
import { newKeyMaterial } from './key-file.ts';
import { rotateVault } from './rotate.ts';

const roots: string[] = [];
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true, force: true });
});

/** A process that is killed keeps nothing of what it compiled, unless it says so. */
const ROTATE_WITHOUT_END = `import { flushCompileCache } from 'node:module';
import { rotateVault } from ${JSON.stringify(join(import.meta.dirname, 'rotate.ts'))};
flushCompileCache();
process.stdout.write('.');
for (;;) {
  await rotateVault(process.argv[1], {});
  process.stdout.write('.');
}`;

const NAMES = ['A', 'B', 'C', 'D'];

async function setup() {
  const root = mkdtempSync(join(tmpdir(), 'pypes-rotate-'));
  roots.push(root);
  const open = () =>
    createVault({ store: createFilesystemSecretStore(root), keys: createVaultKeys({ root, env: {} }) });
  await initVault(root, {});
  for (const name of NAMES) await open().set(name, 'api_key', `sesame of ${name}`);
  const openAll = () => Promise.all(NAMES.map((name) => open().open(name)));
  const key = () => readFileSync(join(root, 'vault/key'), 'utf8');
  return { root, open, openAll, key };
}

const VALUES = NAMES.map((name) => `sesame of ${name}`);

describe('a rotation of the key file', () => {
  it('survives kill -9 at any moment', async () => {
    const { root, open, openAll, key } = await setup();
    const keys = new Set<string>();
    for (let kills = 0; kills < 15; kills++) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', ROTATE_WITHOUT_END, root], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      // Somewhere in the rotation after this one, however fast the machine is.
      let left = kills % 4;
      child.stdout.on('data', () => {
        if (left-- === 0) setTimeout(() => child.kill('SIGKILL'), Math.random() * 20);
      });
      await new Promise((ended) => child.once('exit', ended));
      keys.add(key());
      expect(await openAll()).toEqual(VALUES);
      expect(new Set((await open().list()).map(({ key_id }) => key_id)).size).toBe(1);
    }
    expect(keys.size).toBeGreaterThan(5);
    await rotateVault(root, {});
    expect(await openAll()).toEqual(VALUES);
    expect(readdirSync(join(root, 'vault')).filter((name) => name.startsWith('key'))).toEqual(['key']);
  }, 120_000);

  it('is seen at once by a vault that is open, whose key before opens nothing', async () => {
    const { root, open, openAll, key } = await setup();
    const running = open();
    expect(await running.open('A')).toBe('sesame of A');
    const before = key();
    expect(await rotateVault(root, {})).toMatchObject({ secrets: 4, replaced: true, source: 'file' });
    expect(key()).not.toBe(before);
    expect(await running.open('A')).toBe('sesame of A');
    expect(await openAll()).toEqual(VALUES);
    const old = createVault({ store: createFilesystemSecretStore(root), keys: { find: async () => [before] } });
    await expect(old.open('A')).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('of many at once leaves the key of the last', async () => {
    const { root, openAll } = await setup();
    await Promise.all(Array.from({ length: 5 }, () => rotateVault(root, {})));
    expect(await openAll()).toEqual(VALUES);
  });

  it('that was interrupted before or after the secrets were sealed is brought to its end', async () => {
    const { root, open, openAll, key } = await setup();
    const next = newKeyMaterial();
    writeFileSync(join(root, 'vault/key.next'), next, { mode: 0o600 });
    expect(await openAll()).toEqual(VALUES);
    await rotateVault(root, {});
    expect(key()).not.toContain(next);
    writeFileSync(join(root, 'vault/key.next'), next, { mode: 0o600 });
    await open().rotate(next);
    expect(await openAll()).toEqual(VALUES);
    await rotateVault(root, {});
    expect(await openAll()).toEqual(VALUES);
  });

  it('with a key that is none changes nothing', async () => {
    const { root, openAll, key } = await setup();
    const before = key();
    const rotating = rotateVault(root, { PYPES_VAULT_NEW_KEY: 'a passphrase' });
    await expect(rotating).rejects.toMatchObject({ code: 'invalid_request' });
    expect([key(), await openAll()]).toEqual([before, VALUES]);
  });
});

describe('a rotation of a key from elsewhere', () => {
  it('takes the new key from the environment, and asks for it', async () => {
    const { root, key } = await setup();
    const env = { PYPES_VAULT_KEY: key() };
    rmSync(join(root, 'vault/key'));
    await expect(rotateVault(root, env)).rejects.toMatchObject({ code: 'invalid_request' });
    const next = newKeyMaterial();
    const done = await rotateVault(root, { ...env, PYPES_VAULT_NEW_KEY: next });
    expect(done).toMatchObject({ replaced: false, source: 'environment' });
    const vault = createVault({
      store: createFilesystemSecretStore(root),
      keys: createVaultKeys({ root, env: { PYPES_VAULT_KEY: next } }),
    });
    expect(await vault.open('A')).toBe('sesame of A');
  });
});
