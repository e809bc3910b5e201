// The shared suites and the laws of shared stores in a bucket that heeds conditions; a bucket that does not is refused.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startS3 } from '../testing/s3.ts';
import { type ConditionalS3, startConditionalS3 } from '../testing/s3-conditional.ts';
import { testSharedStores } from '../testing/shared-stores.ts';
import { bytesOf, GUID, manifestOf, testMemoryStore, testPackStore } from '../testing/suites.ts';
import { createS3Stores } from './index.ts';

let server: ConditionalS3;
let prefixes = 0;

beforeAll(async () => {
  server = await startConditionalS3();
});
afterAll(() => server.stop());

const newPrefix = () => `store-${prefixes++}/`;
const optionsOf = (prefix = newPrefix(), from: Omit<ConditionalS3, 'objects'> = server) => ({
  endpoint: from.endpoint,
  region: 'eu-central-1',
  bucket: from.bucket,
  credentials: from.credentials,
  forcePathStyle: true,
  prefix,
});

testPackStore('S3', () => createS3Stores(optionsOf()).packs);
testMemoryStore('S3', () => createS3Stores(optionsOf()).memory);
testSharedStores('S3', {
  newPlace: async () => ({ driver: 's3', options: optionsOf() }),
  open: (place, more) => createS3Stores({ ...(place.options as ReturnType<typeof optionsOf>), ...more }),
});

describe('the layout in the bucket', () => {
  it('is the one of spec 2, with a folder for each revision', async () => {
    const prefix = newPrefix();
    const { packs, memory } = createS3Stores({ ...optionsOf(prefix), newId: () => 'id' });
    await packs.put(GUID, { manifest: manifestOf('one'), files: [{ filename: 'a.py', bytes: bytesOf('x') }] });
    await memory.update({ packGuid: GUID }, () => ({ a: 1 }));
    await memory.update({ packGuid: GUID, tenant: 'Acme' }, () => ({ a: 2 }));
    const keys = [...server.objects.keys()]
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length));
    expect(keys.sort()).toEqual([
      'conditions',
      `packs/${GUID}/manifest.json`,
      `packs/${GUID}/memory/shared/memory.json`,
      `packs/${GUID}/memory/tenants/t-=acme/shared/memory.json`,
      `packs/${GUID}/revisions/id/agents/a.py`,
    ]);
    const manifest = server.objects.get(`${prefix}packs/${GUID}/manifest.json`)?.bytes.toString() ?? '';
    expect(JSON.parse(manifest)).toMatchObject(manifestOf('one'));
  });

  it('takes names of files that lists and paths cannot say, inside the pack only', async () => {
    const prefix = newPrefix();
    const { packs } = createS3Stores(optionsOf(prefix));
    const names = ['a b.py', 'ü.py', 'a%2fb.py', '%.py', '..', '.', 'a\ufffe.py', 'a#?.py', "a'b.py", 'é.py', 'a+.py'];
    const files = [...names, '../../../evil.py'].map((filename) => ({ filename, bytes: bytesOf(filename) }));
    await packs.put(GUID, { manifest: manifestOf('one'), files });
    const found = await packs.get(GUID);
    expect(found?.files.map(({ filename }) => filename)).toEqual([...names, 'evil.py'].sort());
    for (const { key } of [...server.objects.keys()]
      .map((key) => ({ key }))
      .filter(({ key }) => key.startsWith(prefix)))
      expect(key === `${prefix}conditions` || key.startsWith(`${prefix}packs/${GUID}/`)).toBe(true);
  });
});

describe('a server', () => {
  it('that breaks connections after a write loses nothing, and does nothing twice', async () => {
    const own = await startConditionalS3();
    const { packs, memory } = createS3Stores(optionsOf('', own));
    own.loseAnswers(2, /manifest/);
    await packs.put(GUID, { manifest: manifestOf('one'), files: [] });
    expect((await packs.get(GUID))?.manifest.name).toBe('one');
    const add = () => memory.update({ packGuid: GUID }, ({ n }) => ({ n: Number(n ?? 0) + 1 }));
    for (let count = 1; count <= 5; count++) {
      own.loseAnswers(count % 3, /memory/);
      expect(await add()).toEqual({ n: count });
    }
    expect(await memory.read({ packGuid: GUID })).toEqual({ n: 5 });
    await own.stop();
  });

  it('that ignores conditions is refused before it overwrites anything', async () => {
    const careless = await startS3();
    const half = await startConditionalS3();
    half.ignoreConditions();
    for (const from of [careless, half] as never[]) {
      const { packs, memory } = createS3Stores(optionsOf('', from));
      const put = packs.put(GUID, { manifest: manifestOf('one'), files: [] });
      await expect(put).rejects.toMatchObject({ code: 'unsupported' });
      await expect(memory.update({ packGuid: GUID }, () => ({ a: 1 }))).rejects.toMatchObject({ code: 'unsupported' });
      expect(await packs.get(GUID)).toBeUndefined();
    }
    await careless.stop();
    await half.stop();
  });

  it('that is not there, or has no such bucket, is named without a secret', async () => {
    const options = optionsOf();
    const nobody = createS3Stores({ ...options, endpoint: 'http://127.0.0.1:1' });
    await expect(nobody.packs.list()).rejects.toMatchObject({ code: 'unavailable' });
    const elsewhere = createS3Stores({ ...options, bucket: 'no-such-bucket' });
    await expect(elsewhere.packs.list()).rejects.toMatchObject({ code: 'unavailable' });
    await expect(elsewhere.memory.update({ packGuid: GUID }, () => ({ a: 1 }))).rejects.toMatchObject({
      code: 'unavailable',
    });
  });
});
