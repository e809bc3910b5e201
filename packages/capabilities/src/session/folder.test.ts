// The folder of a session: files that never leave it, bounded from both sides, gone at the end.
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorkingFolder } from './folder.ts';
import { parsePath } from './paths.ts';
import { createSessionProvider } from './provider.ts';
import { openSessions, signal, type TestSession } from './testing/open-sessions.ts';

const sessions = openSessions();
const outside = mkdtempSync(join(tmpdir(), 'pypes-outside-'));
let session: TestSession;
beforeEach(async () => {
  session = await sessions.open([], 100);
});
afterEach(() => session.close());
afterAll(async () => {
  await sessions.close();
  rmSync(outside, { recursive: true });
});

const write = (path: string, size: number) => session.use('write', { path, text: 'x'.repeat(size) });
const filesOf = () => join(sessions.folders()[0] ?? '', 'files');

describe('files', () => {
  it('are written, read, listed and deleted, as texts or bytes', async () => {
    await session.use('write', { path: 'notes/a.txt', text: 'hé' });
    await session.use('write', { path: 'b.bin', base64: '/w==' });
    expect(await session.use('read', { path: 'notes/a.txt' })).toEqual({ text: 'hé' });
    expect(await session.use('read', { path: './b.bin' })).toEqual({ base64: '/w==' });
    expect(await session.use('list')).toEqual([
      { path: 'b.bin', size: 1, folder: false },
      { path: 'notes', size: 0, folder: true },
    ]);
    expect(await session.use('list', { path: 'notes' })).toEqual([{ path: 'notes/a.txt', size: 3, folder: false }]);
    expect(await session.use('list', { path: 'none' })).toEqual([]);
    expect(await session.use('delete', { path: 'notes' })).toBe(true);
    expect(await session.use('delete', { path: 'notes' })).toBe(false);
    await expect(session.use('read', { path: 'notes/a.txt' })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('come back as they were written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), async (bytes) => {
        await session.use('write', { path: 'any', base64: Buffer.from(bytes).toString('base64') });
        const { text, base64 } = (await session.use('read', { path: 'any' })) as { text?: string; base64?: string };
        const read = text === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(text);
        expect(new Uint8Array(read)).toEqual(bytes);
      }),
      { numRuns: 30 },
    );
  });

  it('are made when first used, for nobody else, and are gone at the end', async () => {
    expect(sessions.folders()).toEqual([]);
    await write('a/b', 1);
    const [folder = ''] = sessions.folders();
    for (const each of [sessions.root, folder, filesOf(), join(filesOf(), 'a')]) {
      expect(statSync(each).mode & 0o777).toBe(0o700);
    }
    expect(statSync(join(filesOf(), 'a/b')).mode & 0o777).toBe(0o600);
    await session.close();
    expect(sessions.folders()).toEqual([]);
    await expect(write('a', 1)).rejects.toMatchObject({ code: 'canceled' });
  });

  it('of one session are nothing to another', async () => {
    await write('mine', 1);
    const other = await sessions.open();
    expect(await other.use('list')).toEqual([]);
    await other.close();
    expect(await session.use('list')).toHaveLength(1);
  });

  it('are not touched where the caller has gone', async () => {
    const gone = AbortSignal.abort(new Error('gone'));
    await expect(session.perform('write', { path: 'a', text: '' }, gone)).rejects.toThrow('gone');
    expect(await session.use('list')).toEqual([]);
  });

  it.each([
    { path: 'a' },
    { path: 'a', text: 1 },
    { path: 'a', text: 'x', base64: 'eA==' },
    { path: 'a', base64: 'no base64!' },
    { path: 1, text: '' },
    { text: '' },
    { path: '.', text: '' },
  ])('are not written from %j', async (parameters) => {
    await expect(session.use('write', parameters)).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('paths', () => {
  it.each([
    '../x',
    '/etc/passwd',
    'a/../../x',
    'a/../b',
    '..',
    'a/..',
    '\\..\\x',
    'a\\b',
    'a\0b',
    'a\nb',
    '\u007f',
    'x'.repeat(256),
    'é'.repeat(128),
    'a/'.repeat(40),
    `${'x'.repeat(200)}/`.repeat(6),
    '\ud800',
    '',
  ])('%j never leaves the folder', async (path) => {
    for (const operation of ['read', 'write', 'delete']) {
      await expect(session.use(operation, { path, text: 'x' })).rejects.toMatchObject({ code: 'invalid_input' });
    }
  });

  it.each([
    '...',
    '..a',
    'a..',
    '.hidden',
    'con',
    'a b',
    '%2e%2e',
    '日本',
    '~',
    '-rf',
    'x'.repeat(255),
    '.new',
    'unfinished',
  ])('%j is a name like any other', async (path) => {
    await write(path, 1);
    expect(await session.use('list')).toEqual([{ path, size: 1, folder: false }]);
  });

  it('no text makes names that would leave', () => {
    const piece = fc.oneof(fc.constantFrom('..', '.', '', '\\', '/', '\0', '%2e'), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        try {
          for (const part of parsePath(pieces.join('/'))) expect(part).not.toMatch(/^\.{0,2}$|[/\\\0]/);
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid_input' });
        }
      }),
    );
  });

  it('a link, a pipe or a device that is there anyway is not followed', async () => {
    await write('a', 1);
    writeFileSync(join(outside, 'secret'), 'secret');
    symlinkSync(join(outside, 'secret'), join(filesOf(), 'link'));
    symlinkSync(outside, join(filesOf(), 'out'));
    symlinkSync('/dev/zero', join(filesOf(), 'zero'));
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(filesOf(), 'pipe')]);
    for (const path of ['link', 'out/secret', 'out', 'zero', 'pipe']) {
      for (const operation of ['read', 'write', 'delete']) {
        await expect(session.use(operation, { path, text: 'x' })).rejects.toMatchObject({ code: 'invalid_input' });
      }
    }
    expect(await session.use('list', { path: 'a' })).toEqual([]);
    await expect(session.use('list', { path: 'out' })).rejects.toMatchObject({ code: 'invalid_input' });
    expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe('secret');
    await session.close();
    expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe('secret');
  });

  it('a file is no folder, and a folder no file', async () => {
    await write('file', 1);
    await write('folder/file', 1);
    for (const path of ['file/x', 'file/x/y', 'folder', 'folder/']) {
      await expect(write(path, 1)).rejects.toMatchObject({ code: 'invalid_input' });
    }
    await expect(session.use('read', { path: 'folder' })).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(session.use('delete', { path: './' })).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('bounds', () => {
  it('bytes, from both sides, through replacing and deleting', async () => {
    await write('a', 100);
    await expect(write('b', 1)).rejects.toMatchObject({ details: { limit: 'session_bytes', maximum: 100 } });
    await write('a', 100);
    await write('a', 40);
    await write('d/b', 60);
    await expect(write('c', 1)).rejects.toMatchObject({ code: 'resource_exhausted' });
    await session.use('delete', { path: 'd' });
    await write('c', 60);
    await expect(write('e', 1)).rejects.toMatchObject({ code: 'resource_exhausted' });
    await session.use('delete', { path: 'c' });
    await write('e', 60);
  });

  it('two writers at once cannot pass them together', async () => {
    const both = await Promise.allSettled([write('b', 60), write('c', 60)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('names, folders too', async () => {
    const folder = createWorkingFolder(join(outside, 'small'), 100, 7);
    const use = (operation: 'write' | 'delete', path: string) => folder.perform(operation, { path, text: '' }, signal);
    await use('write', 'a/b/c');
    await use('write', 'd/e/f');
    await use('write', 'a/b/c');
    await use('write', 'g');
    await expect(use('write', 'h')).rejects.toMatchObject({ details: { limit: 'session_names', maximum: 7 } });
    await use('delete', 'a');
    await use('write', 'a/b/c');
    await expect(use('write', 'h')).rejects.toMatchObject({ code: 'resource_exhausted' });
    await folder.close();
  });
});

describe('leftovers', () => {
  it('of processes that are no more are removed, those of others stay', async () => {
    const root = mkdtempSync(join(tmpdir(), 'pypes-session-'));
    const ended = Number(execFileSync('sh', ['-c', 'echo $$']).toString());
    const names = [`${ended}@${hostname()}~x`, `${process.pid}@${hostname()}~x`, `${ended}@elsewhere~x`, 'mine'];
    for (const name of names) mkdirSync(join(root, name, 'files'), { recursive: true });
    const provider = createSessionProvider({ root });
    const other = createSessionProvider({ root });
    const opened = await provider.open({ scope: { packGuid: 'p' }, runId: 'r', rules: [], maxBytes: 10 });
    await opened.perform('write', { path: 'a', text: '' }, signal);
    await other.close();
    expect(await opened.perform('list', {}, signal)).toHaveLength(1);
    await provider.close();
    expect(readdirSync(root).sort()).toEqual(names.slice(1).sort());
    rmSync(root, { recursive: true });
  });
});
