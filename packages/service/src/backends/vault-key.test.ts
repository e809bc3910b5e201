// Where the vault's key is found, in which order, and what is refused.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createVaultKeys, findVaultKey } from './vault-key.ts';

const roots: string[] = [];
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true, force: true });
});

/** A root with files, and a keyring tool that is the given shell script. */
function setup(files: { readonly [path: string]: string } = {}, keyring?: string) {
  const root = mkdtempSync(join(tmpdir(), 'pypes-key-'));
  roots.push(root);
  mkdirSync(join(root, 'vault'));
  for (const [path, text] of Object.entries(files)) writeFileSync(join(root, path), text, { mode: 0o600 });
  const bin = join(root, 'bin');
  mkdirSync(bin);
  if (keyring !== undefined) {
    for (const tool of ['secret-tool', 'security']) {
      writeFileSync(join(bin, tool), `#!/bin/sh\n${keyring}\n`, { mode: 0o755 });
    }
  }
  const find = (env: { readonly [name: string]: string } = {}, platform: NodeJS.Platform = 'linux') =>
    findVaultKey({ root, env: { PATH: bin, ...env }, platform });
  return { root, find };
}

describe('the key', () => {
  it('is none where there is none', async () => {
    expect(await setup().find()).toBeUndefined();
    expect(await setup().find({}, 'win32')).toBeUndefined();
  });

  it('is that of the environment, else a named file, else the file of the root, else the keyring', async () => {
    const { root, find } = setup(
      { 'vault/key': 'from the root\n', other: 'from elsewhere\n' },
      '/bin/echo never asked',
    );
    const path = join(root, 'other');
    expect(await find({ PYPES_VAULT_KEY: 'given', PYPES_VAULT_KEY_FILE: path })).toEqual({
      material: 'given',
      source: 'environment',
    });
    expect(await find({ PYPES_VAULT_KEY: ' ', PYPES_VAULT_KEY_FILE: path })).toEqual({
      material: 'from elsewhere',
      source: 'file',
      path,
    });
    expect(await find()).toEqual({ material: 'from the root', source: 'file', path: join(root, 'vault/key') });
  });

  it.each<[NodeJS.Platform, string]>([
    ['linux', 'lookup service pypes'],
    ['darwin', 'find-generic-password -s pypes -w'],
  ])('comes out of the keyring on %s', async (platform, args) => {
    const { find } = setup({}, `[ "$*" = "${args}" ] && echo ringed`);
    expect(await find({}, platform)).toEqual({ material: 'ringed', source: 'keyring' });
  });

  it.each(['exit 1', 'echo broken; exit 1', 'exit 0', 'while :; do :; done'])(
    'is none where the keyring says %j',
    async (script) => {
      expect(await setup({}, script).find()).toBeUndefined();
    },
  );

  it.each([0o640, 0o604, 0o660, 0o644])('in a file of the mode %o is refused, with the remedy', async (mode) => {
    const { root, find } = setup({ 'vault/key': 'x' });
    chmodSync(join(root, 'vault/key'), mode);
    await expect(find()).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('chmod 600') });
  });

  it('in a file that is named and not there is no reason to look elsewhere', async () => {
    const { find } = setup({ 'vault/key': 'x' });
    await expect(find({ PYPES_VAULT_KEY_FILE: '/nowhere/key' })).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('comes with the next one while a rotation is under way', async () => {
    const { root } = setup({ 'vault/key': 'now', 'vault/key.next': 'next' });
    expect(await createVaultKeys({ root, env: {} }).find()).toEqual(['now', 'next']);
  });
});
