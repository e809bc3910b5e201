// The stores of an object pass the shared suites over SQLite, and keep to what the platform allows.
import { expect, it } from 'vitest';
import { openSqliteObject } from '../testing/sqlite-object.ts';
import { bytesOf, GUID, manifestOf, OTHER, testMemoryStore, testPackStore, USERS } from '../testing/suites.ts';
import { createDurableObjectMemoryStore, createDurableObjectPackStore } from './index.ts';

testPackStore('durable-object', () => createDurableObjectPackStore(openSqliteObject()));
testMemoryStore('durable-object', () => createDurableObjectMemoryStore(openSqliteObject()));

const countOf = (database: ReturnType<typeof openSqliteObject>, table = 'files') =>
  Number(database.sql.exec(`SELECT count(*) AS n FROM ${table}`).toArray()[0]?.n);

it.each([0, 1, 1024 * 1024 - 1, 1024 * 1024, 1024 * 1024 + 1, 5_000_000])(
  'a file of %i bytes comes back whole, in rows that are small enough',
  async (length) => {
    const store = createDurableObjectPackStore(openSqliteObject());
    const bytes = new Uint8Array(length).map((_, index) => index % 251);
    await store.put(GUID, { manifest: manifestOf('one'), files: [{ filename: 'a.wasm', bytes }] });
    const stored = (await store.get(GUID))?.files[0]?.bytes;
    expect(Buffer.compare(stored ?? new Uint8Array([1]), bytes)).toBe(0);
  },
);

it('a memory document may be larger than a row', async () => {
  const store = createDurableObjectMemoryStore(openSqliteObject());
  const text = 'ü'.repeat(2_000_000);
  await store.update({ packGuid: GUID }, () => ({ text }));
  expect(await store.read({ packGuid: GUID })).toEqual({ text });
});

it('a file that shrinks leaves nothing of its longer version', async () => {
  const database = openSqliteObject();
  const store = createDurableObjectMemoryStore(database);
  await store.update({ packGuid: GUID }, () => ({ text: 'x'.repeat(5_000_000) }));
  await store.update({ packGuid: GUID }, () => ({ text: 'x' }));
  expect(await store.read({ packGuid: GUID })).toEqual({ text: 'x' });
  expect(countOf(database)).toBe(1);
});

it('a put that fails in the middle leaves the pack as it was', async () => {
  const database = openSqliteObject();
  const store = createDurableObjectPackStore(database);
  await store.put(GUID, { manifest: manifestOf('one'), files: [{ filename: 'a.py', bytes: bytesOf('1') }] });
  const before = await store.get(GUID);
  const files = [
    { filename: 'b.py', bytes: bytesOf('2') },
    { filename: 'folder/', bytes: bytesOf('3') },
  ];
  await expect(store.put(GUID, { manifest: manifestOf('two'), files })).rejects.toMatchObject({
    code: 'invalid_request',
  });
  expect(await store.get(GUID)).toEqual(before);
});

it('removing a pack removes its memory with it, and no other pack', async () => {
  const database = openSqliteObject();
  const [packs, memory] = [createDurableObjectPackStore(database), createDurableObjectMemoryStore(database)];
  for (const guid of [GUID, OTHER]) {
    await packs.put(guid, { manifest: manifestOf('one', guid), files: [{ filename: 'a.py', bytes: bytesOf('1') }] });
    await memory.update({ packGuid: guid, userGuid: USERS[0] }, () => ({ guid }));
  }
  const all = countOf(database);
  expect(await packs.remove(GUID)).toBe(true);
  expect(await memory.read({ packGuid: GUID, userGuid: USERS[0] })).toEqual({});
  expect(await memory.read({ packGuid: OTHER, userGuid: USERS[0] })).toEqual({ guid: OTHER });
  expect(countOf(database)).toBe(all / 2);
});

it('whoever only asks writes nothing: objects that nobody has filled stay empty', async () => {
  const database = openSqliteObject();
  const [packs, memory] = [createDurableObjectPackStore(database), createDurableObjectMemoryStore(database)];
  expect(await packs.get(GUID)).toBeUndefined();
  expect(await packs.list()).toEqual([]);
  expect(await packs.remove(GUID)).toBe(false);
  expect(await memory.read({ packGuid: GUID })).toEqual({});
  await memory.update({ packGuid: GUID }, (document) => document);
  await memory.removePack(GUID);
  expect(countOf(database, 'sqlite_master')).toBe(0);
});

it('names that are patterns, folders or neighbours of others are files of their own', async () => {
  const store = createDurableObjectPackStore(openSqliteObject());
  const names = ['%.py', '_.py', 'a', 'a.py', 'a.py0', 'a.pyx', 'ä.py', '..', "'; DROP TABLE files; --"];
  const files = names.map((filename) => ({ filename, bytes: bytesOf(filename) }));
  await store.put(GUID, { manifest: manifestOf('one'), files });
  const stored = (await store.get(GUID))?.files ?? [];
  expect(stored.map(({ filename }) => filename).sort()).toEqual([...names].sort());
  for (const { filename, bytes } of stored) expect(new TextDecoder().decode(bytes)).toBe(filename);
});

it.each(['', 'x', GUID.toUpperCase(), `${GUID}/../${OTHER}`])('"%s" is no guid to write at', async (guid) => {
  const store = createDurableObjectPackStore(openSqliteObject());
  await expect(store.put(guid, { manifest: manifestOf('one'), files: [] })).rejects.toMatchObject({
    code: 'invalid_request',
  });
});

it('a document that is no JSON object is said to be none, never taken for an empty one', async () => {
  const database = openSqliteObject();
  const store = createDurableObjectMemoryStore(database);
  for (const text of ['{', '[]']) {
    await store.update({ packGuid: GUID }, () => ({ a: Math.random() }));
    database.sql.exec('UPDATE files SET bytes = ?', bytesOf(text));
    await expect(store.read({ packGuid: GUID })).rejects.toMatchObject({ code: 'internal' });
    database.sql.exec('DELETE FROM files');
  }
});
