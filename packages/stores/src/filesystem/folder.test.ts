// An operator's folder: what it lists, and that no change goes unnoticed.
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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

/** Root may read everything: for so long it is somebody else. */
async function withoutPower<T>(work: () => Promise<T>): Promise<T> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

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

  it.each([
    ['nowhere', 'nowhere.py'],
    ['to itself', 'a.py'],
    ['through a file', 'b.py/c.py'],
    ['to a name that is too long', 'x'.repeat(300)],
  ])('passes over a link that leads %s', async (_where, target) => {
    const path = root();
    writeFileSync(join(path, 'b.py'), '');
    symlinkSync(target, join(path, 'a.py'));
    const folder = folderAt(path);
    expect((await folder.scan()).map((entry) => entry.path)).toEqual(['b.py']);
    expect((await folder.scan(['a.py'])).map((entry) => entry.path)).toEqual(['b.py']);
  });

  it('finds a file gone that became a link to itself', async () => {
    const path = root();
    writeFileSync(join(path, 'a.py'), '');
    const folder = folderAt(path);
    await folder.scan();
    rmSync(join(path, 'a.py'));
    symlinkSync('a.py', join(path, 'a.py'));
    expect(folder.changed('a.py')).toBe(true);
    expect(await folder.scan(['a.py'])).toEqual([]);
  });

  it('passes over a subfolder that may not be read', async () => {
    const path = root();
    mkdirSync(join(path, 'secret'));
    writeFileSync(join(path, 'b.py'), '');
    chmodSync(path, 0o755);
    chmodSync(join(path, 'secret'), 0);
    const entries = await withoutPower(() => folderAt(path).scan());
    expect(entries.map((entry) => entry.path)).toEqual(['b.py']);
  });

  it('has the same guid after a restart, another one elsewhere', () => {
    const path = root();
    expect(folderAt(path).packGuid).toBe(folderAt(`${path}/`).packGuid);
    expect(folderAt(path).packGuid).not.toBe(folderAt(root()).packGuid);
    expect(folderAt(path).packGuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('says when the folder does not exist, and when it is none', () => {
    const at = (path: string) => expect(() => createAgentFolder(path));
    const file = join(root(), 'a.py');
    writeFileSync(file, '');
    at('/nowhere/at/all').toThrowError(
      expect.objectContaining({ code: 'invalid_request', message: expect.stringContaining('does not exist') }),
    );
    at(file).toThrowError(
      expect.objectContaining({ code: 'invalid_request', message: expect.stringContaining('is no folder') }),
    );
  });

  it('says when the folder may not be read', async () => {
    const path = root();
    chmodSync(path, 0);
    await expect(withoutPower(async () => createAgentFolder(path))).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining('may not be read'),
    });
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
    expect(folder.changed()).toBe(false);
  });

  it.each(['removed', 'moved away'])('sees the folder that comes after one that was %s', async (how) => {
    const path = root();
    writeFileSync(join(path, 'a.py'), '');
    const folder = folderAt(path);
    await folder.scan();
    if (how === 'removed') rmSync(path, { recursive: true });
    else renameSync(path, `${path}.old`);
    await expect.poll(() => folder.changed()).toBe(true);
    expect(await folder.scan()).toEqual([]);
    mkdirSync(path);
    writeFileSync(join(path, 'b.py'), '');
    expect(folder.changed('a.py')).toBe(true);
    expect((await folder.scan(['a.py'])).map((entry) => entry.path)).toEqual(['b.py']);
    await seesNewFiles(folder, path);
  });

  it('sees a folder that takes the place of another between two looks', async () => {
    const path = root();
    const next = root();
    writeFileSync(join(path, 'a.py'), '');
    writeFileSync(join(next, 'b.py'), '');
    const folder = folderAt(path);
    await folder.scan();
    renameSync(path, `${path}.old`);
    renameSync(next, path);
    await expect.poll(() => folder.changed()).toBe(true);
    expect((await folder.scan()).map((entry) => entry.path)).toEqual(['b.py']);
    await seesNewFiles(folder, path);
  });

  it('sees where a link leads from now on', async () => {
    const [place, one, two] = [root(), root(), root()];
    writeFileSync(join(one, 'a.py'), '');
    writeFileSync(join(two, 'b.py'), '');
    const path = join(place, 'current');
    symlinkSync(one, path);
    const folder = folderAt(path);
    await folder.scan();
    symlinkSync(two, `${path}.new`);
    renameSync(`${path}.new`, path);
    expect(folder.changed()).toBe(true);
    expect((await folder.scan()).map((entry) => entry.path)).toEqual(['b.py']);
    await seesNewFiles(folder, path);
  });
});

/** Also by the notification alone, for which the folder that is there now has to be watched. */
async function seesNewFiles(folder: ReturnType<typeof createAgentFolder>, path: string): Promise<void> {
  await settled();
  await folder.scan();
  writeFileSync(join(path, 'new.py'), '');
  await expect.poll(() => folder.changed('b.py')).toBe(true);
  expect((await folder.scan(['b.py'])).map((entry) => entry.path)).toEqual(['b.py', 'new.py']);
}

/** Lets the notifications of what was just written arrive. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));
