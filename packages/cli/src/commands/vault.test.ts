// pypes vault as people use it: real processes, and no value in any output.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '@pypes/contract';
import { createVault } from '@pypes/host';
import { createVaultKeys } from '@pypes/service/vault-key';
import { createFilesystemSecretStore, createVaultUsageLog } from '@pypes/stores/filesystem';
import { afterAll, describe, expect, it } from 'vitest';
import { PYPES } from '../e2e/command.ts';

const SECRET = 'sesame/open+now=42';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function setup() {
  const cwd = mkdtempSync(join(tmpdir(), 'pypes-vault-'));
  folders.push(cwd);
  const root = join(cwd, 'data');
  const run = (args: readonly string[], input = '', more: NodeJS.ProcessEnv = {}) => {
    const env: NodeJS.ProcessEnv = { PATH: process.env.PATH, PYPES_ROOT: root, ...more };
    const { status, stdout, stderr } = spawnSync(process.execPath, [PYPES, 'vault', ...args], {
      encoding: 'utf8',
      cwd,
      input,
      env,
    });
    return { status, text: stdout + stderr, json: () => JSON.parse(stdout) as JsonObject };
  };
  const open = (name: string, env: NodeJS.ProcessEnv = {}) =>
    createVault({ store: createFilesystemSecretStore(root), keys: createVaultKeys({ root, env }) }).open(name);
  return { root, run, open };
}

describe('pypes vault', () => {
  it('makes a key, keeps secrets from standard input, lists and removes them, and never shows a value', async () => {
    const { root, run, open } = setup();
    const outputs = [
      run(['init']),
      run(['set', 'KEY'], `${SECRET}\n`),
      run(['set', 'LOGIN', '--type', 'login', '--json'], JSON.stringify({ username: 'ann', password: SECRET })),
      run(['list']),
      run(['list', '--json']),
    ];
    expect(outputs.map(({ status }) => status)).toEqual([0, 0, 0, 0, 0]);
    const key = readFileSync(join(root, 'vault/key'), 'utf8').trim();
    for (const { text } of outputs) for (const hidden of [SECRET, key]) expect(text).not.toContain(hidden);
    expect(readFileSync(join(root, 'vault/secrets.json'), 'utf8')).not.toContain(SECRET);
    expect(statSync(join(root, 'vault/key')).mode & 0o777).toBe(0o600);
    expect(await open('KEY')).toBe(SECRET);
    expect(outputs[4]?.json().secrets).toEqual([
      expect.objectContaining({ name: 'KEY', type: 'api_key' }),
      expect.objectContaining({ name: 'LOGIN', type: 'login' }),
    ]);
    expect([run(['remove', 'KEY']).status, run(['remove', 'KEY']).status]).toEqual([0, 2]);
  });

  it('keeps the line ends of a value with several lines', async () => {
    const { run, open } = setup();
    run(['init']);
    run(['set', 'SSH', '--type', 'ssh'], '-----BEGIN-----\nabc\n-----END-----\n');
    expect(await open('SSH')).toBe('-----BEGIN-----\nabc\n-----END-----\n');
  });

  it('gives a new key, after which the one before opens nothing', async () => {
    const { root, run, open } = setup();
    run(['init']);
    run(['set', 'KEY'], SECRET);
    const before = readFileSync(join(root, 'vault/key'), 'utf8');
    expect(run(['rotate', '--json']).json()).toMatchObject({ status: 'ok', secrets: 1, replaced: true });
    expect(existsSync(join(root, 'vault/key.next'))).toBe(false);
    expect(await open('KEY')).toBe(SECRET);
    await expect(open('KEY', { PYPES_VAULT_KEY: before })).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('takes no value on the command line, and refuses what it cannot keep', () => {
    const { run } = setup();
    const passphrase = { PYPES_VAULT_KEY: 'correct horse battery staple' };
    expect(run(['set', 'KEY'], SECRET).status).toBe(3);
    expect(run(['set', 'KEY'], SECRET, passphrase)).toMatchObject({
      status: 2,
      text: expect.stringContaining('openssl rand -base64 32'),
    });
    run(['init']);
    for (const [args, input] of [
      [['set', 'KEY', SECRET], SECRET],
      [['set', 'KEY'], ''],
      [['set', 'KEY'], 'short'],
      [['set', 'no-name'], SECRET],
      [['set', 'KEY', '--type', 'password'], SECRET],
      [['set', 'KEY', '--type', 'login'], SECRET],
      [['init'], ''],
      [['init', '--in', 'the cloud'], ''],
      [['frobnicate'], ''],
      [['usage', '--last', 'x'], ''],
    ] as const) {
      expect([args, run(args, input).status]).toEqual([args, args[0] === 'init' && args.length === 1 ? 3 : 2]);
    }
    expect(run(['list', '--json']).json().secrets).toEqual([]);
  });

  it('says how to keep the key elsewhere, and refuses one that others can read', () => {
    const { root, run } = setup();
    expect(run(['init', '--in', 'environment']).text).toContain('PYPES_VAULT_KEY=');
    expect(run(['init', '--in', 'keyring']).text).toContain('secret-tool store');
    expect(existsSync(join(root, 'vault/key'))).toBe(false);
    run(['init']);
    chmodSync(join(root, 'vault/key'), 0o644);
    expect(run(['set', 'KEY'], SECRET)).toMatchObject({ status: 3, text: expect.stringContaining('chmod 600') });
  });

  it('makes no new key over secrets that it could not open', () => {
    const { root, run } = setup();
    run(['init']);
    run(['set', 'KEY'], SECRET);
    rmSync(join(root, 'vault/key'));
    expect(run(['init', '--json']).json()).toMatchObject({ code: 'conflict' });
    expect(run(['set', 'OTHER'], SECRET).status).toBe(3);
  });

  it('shows who used a secret', () => {
    const { root, run } = setup();
    const log = createVaultUsageLog(root, () => expect.unreachable());
    log.write({ name: 'KEY', pack_guid: 'p', agent: 'a', run_id: 'r' });
    log.write({ name: 'OTHER', pack_guid: 'p', agent: 'a', run_id: 'r' });
    log.close();
    expect(run(['usage', 'KEY', '--json']).json().uses).toEqual([
      expect.objectContaining({ name: 'KEY', pack_guid: 'p', agent: 'a', run_id: 'r' }),
    ]);
    expect(run(['usage']).text).toContain('OTHER');
  });
});
