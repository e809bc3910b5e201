// pypes grant as people use it: real processes over a real root.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '@pypes/contract';
import { createFilesystemGrantStore, createFilesystemPackStore } from '@pypes/stores/filesystem';
import { afterAll, describe, expect, it } from 'vitest';
import { PYPES } from '../e2e/command.ts';

const GUID = '3f0e7a52-6a7c-4c0e-9d3e-0a4f5b6c7d8e';
const OTHER = '9b2d1c34-1111-4222-8333-444455556666';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A working folder with an `agents` folder, and a root with one stored pack. */
async function setup() {
  const cwd = mkdtempSync(join(tmpdir(), 'pypes-grant-'));
  folders.push(cwd);
  mkdirSync(join(cwd, 'agents'));
  const root = join(cwd, '.pypes');
  const store = async (source: string, guid = GUID, name = 'weather') => {
    const permissions = { network: ['api.example.com:443'], vault: ['KEY'] };
    const manifest = { schema: 'pack/1.0', pack_guid: guid, name, created_at: '2026-01-01T00:00:00Z', permissions };
    const files = [{ filename: 'a.lispy', bytes: new TextEncoder().encode(source) }];
    await createFilesystemPackStore(root).put(guid, { manifest, files });
  };
  await store('1');
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [PYPES, 'grant', ...args], {
      encoding: 'utf8',
      cwd,
      env: { ...process.env, PYPES_ROOT: root },
    });
    return { status, text: stdout + stderr, json: () => JSON.parse(stdout) as JsonObject };
  };
  return { cwd, root, store, run, stored: () => createFilesystemGrantStore(root).get(GUID) };
}

describe('pypes grant', () => {
  it('shows what a pack asks for, grants it in words, and takes it back', async () => {
    const { run, stored } = await setup();
    const shown = run('weather', '--json').json();
    expect(shown).toMatchObject({ status: 'ok', pack_guid: GUID, granted: {}, suspended: false });
    expect(shown.notes).toEqual([expect.stringContaining(`pypes grant ${GUID} 'network=api.example.com:443'`)]);

    const granted = run('weather', 'network=api.example.com:443', 'vault=KEY');
    expect(granted.status).toBe(0);
    expect(granted.text).toContain('send requests to api.example.com, port 443');
    expect(granted.text).toContain('pypes vault set KEY');
    expect(await stored()).toMatchObject({ content_digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) });

    expect(run(GUID, 'ai=true', '--json').json()).toMatchObject({
      granted: { network: ['api.example.com:443'], vault: ['KEY'], ai: true },
      in_force: { ai: true, memory: 'read-write', objects: 'none' },
      notes: expect.arrayContaining([expect.stringContaining('did not ask for ai=true')]),
    });
    expect(run(GUID, '--revoke', 'network', '--revoke', 'vault=KEY', '--json').json()).toMatchObject({
      granted: { ai: true },
    });
    expect(run(GUID, '--revoke', 'ai').status).toBe(0);
    expect(await stored()).toBeUndefined();
  });

  it('holds for the content that the pack had, and is not inherited by other code', async () => {
    const { run, store, stored } = await setup();
    run('weather', 'network=*');
    await store('2');
    expect(run('weather', '--json').json()).toMatchObject({ suspended: true, in_force: { network: [] } });
    const again = run('weather', 'ai=true', '--json').json();
    expect(again).toMatchObject({ granted: { ai: true }, suspended: false });
    expect(again.notes).toContainEqual(expect.stringContaining('network=*'));
    await store('1');
    expect(run('weather', '--json').json()).toMatchObject({ suspended: true });
    expect(run('weather', 'objects=read', '--any-version').text).toContain('whoever can deploy');
    expect(await stored()).not.toHaveProperty('content_digest');
    await store('3');
    expect(run('weather', '--json').json()).toMatchObject({ suspended: false });
  });

  it('finds a folder by its name and by its path, and binds it to no content', async () => {
    const { cwd, root, run } = await setup();
    const [byName, byPath] = [run('agents', 'vault=KEY', '--json').json(), run('./agents', '--json').json()];
    expect(byName).toMatchObject({
      kind: 'folder',
      granted: { vault: ['KEY'] },
      in_force: { vault: ['KEY'], ai: true },
    });
    expect(byPath).toMatchObject({ pack_guid: byName.pack_guid, granted: { vault: ['KEY'] } });
    const grant = await createFilesystemGrantStore(root).get(String(byName.pack_guid));
    expect(grant).not.toHaveProperty('content_digest');
    expect(run(String(byName.pack_guid), '--folder', join(cwd, 'agents'), '--json').json().kind).toBe('folder');
  });

  it('refuses what is unknown, ambiguous or no permission, and changes nothing', async () => {
    const { run, store, stored, root } = await setup();
    await store('x', OTHER, 'weather');
    for (const args of [
      ['nobody', 'ai=true'],
      ['weather', 'ai=true'],
      ['11111111-1111-4111-8111-111111111111', 'ai=true'],
      [GUID, 'root=true'],
      [GUID, 'ai=perhaps'],
      [GUID, 'network=not a rule'],
      [GUID, '--revoke', 'ai'],
      [],
    ]) {
      expect([args, run(...args).status]).toEqual([args, 2]);
    }
    expect(await stored()).toBeUndefined();
    const unknown = '11111111-1111-4111-8111-111111111111';
    expect(run(unknown, 'ai=true', '--any-version').status).toBe(0);
    expect(await createFilesystemGrantStore(root).get(unknown)).toMatchObject({ permissions: { ai: true } });
  });

  it('says where a grant is damaged', async () => {
    const { run, root } = await setup();
    run(GUID, 'ai=true');
    writeFileSync(join(root, 'grants', `${GUID}.json`), '{');
    const failed = run(GUID, '--json');
    expect([failed.status, failed.json().code]).toEqual([3, 'unavailable']);
  });
});
