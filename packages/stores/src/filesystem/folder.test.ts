// An operator's folder: what it lists, and that no change goes unnoticed.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createAgentFolder } from './folder.ts';

const root = () => mkdtempSync(join(tmpdir(), 'pypes-folder-'));
let open: { close(): void }[] = [];
afterEach(() => {
  for (const folder of open) folder.close();
  open = [];
});
const folderAt = (path: string) => {
  const folder = createAgentFolder(path);
  open.push(folder);
  return folder;
};

describe('scan', () => {
  it('lists one level of subfolders, sorted, without hidden files and caches', async () => {
    const path = root();
    for (const folder of ['sub/deeper', '.git', 'node_modules', '__pycache__'])
      mkdirSync(join(path, folder), { recursive: true });
    for (const file of [
      'b.py',
      'a.js',
      'sub/c.lispy',
      'sub/deeper/d.py',
      '.git/e.py',
      'node_modules/f.js',
      '__pycache__/g.py',
      '.h.py',
    ]) {
      writeFileSync(join(path, file), '');
    }
    writeFileSync(join(path, 'run.sh'), '', { mode: 0o755 });
    const entries = await folderAt(path).scan();
    expect(entries.map((entry) => [entry.path, entry.executable])).toEqual([
      ['a.js', false],
      ['b.py', false],
      ['run.sh', true],
      ['sub/c.lispy', false],
    ]);
  });

  it('passes over dangling links', async () => {
    const path = root();
    symlinkSync('nowhere.py', join(path, 'a.py'));
    expect(await folderAt(path).scan()).toEqual([]);
  });

  it('has the same guid after a restart, another one elsewhere', () => {
    const path = root();
    expect(folderAt(path).packGuid).toBe(folderAt(`${path}/`).packGuid);
    expect(folderAt(path).packGuid).not.toBe(folderAt(root()).packGuid);
    expect(folderAt(path).packGuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('says when the folder does not exist', () => {
    expect(() => createAgentFolder('/nowhere/at/all')).toThrowError(
      expect.objectContaining({ code: 'invalid_request' }),
    );
  });
});

describe('changed', () => {
  it('is quiet when nothing changes, and notices an edit, a removal and an addition at once', async () => {
    const path = root();
    writeFileSync(join(path, 'a.py'), '1');
    const folder = folderAt(path);
    expect(folder.changed()).toBe(true);
    await folder.scan();
    await settled();
    await folder.scan();
    expect(folder.changed('a.py')).toBe(false);
    writeFileSync(join(path, 'a.py'), '22');
    expect(folder.changed('a.py')).toBe(true);
    await settled();
    await folder.scan();
    rmSync(join(path, 'a.py'));
    expect(folder.changed('a.py')).toBe(true);
    await settled();
    await folder.scan();
    writeFileSync(join(path, 'b.py'), '');
    await expect.poll(() => folder.changed()).toBe(true);
  });

  it('survives the removal of the folder itself', async () => {
    const path = root();
    const folder = folderAt(path);
    await folder.scan();
    rmSync(path, { recursive: true });
    await expect.poll(() => folder.changed()).toBe(true);
    expect(await folder.scan()).toEqual([]);
  });
});

/** Lets the notifications of what was just written arrive. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));
