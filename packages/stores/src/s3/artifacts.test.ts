// The shared suite on an S3 server, hostile names, ranges, pages, and what is said when something is missing.
import { createServer } from 'node:http';
import { inspect } from 'node:util';
import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { ArtifactStore, RunRef } from '@pypes/contract/runs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testArtifactStore } from '../testing/runs-artifacts.ts';
import { type S3Server, startS3 } from '../testing/s3.ts';
import { bytesOf, textOf } from '../testing/suites.ts';
import { createS3ArtifactStore, type S3ArtifactStoreOptions } from './index.ts';
import { folderOf } from './keys.ts';

const RUN = { tenant: 'acme', run_id: 'run-1' };
const fileOf = (text: string) => ({ bytes: bytesOf(text), mediaType: 'text/plain' });

let server: S3Server;
let client: S3Client;
let stores = 0;

beforeAll(async () => {
  server = await startS3();
  client = new S3Client({ ...server, region: 'eu-central-1', forcePathStyle: true });
});
afterAll(async () => {
  client.destroy();
  await server.stop();
});

const optionsOf = (more: Partial<S3ArtifactStoreOptions> = {}): S3ArtifactStoreOptions => ({
  endpoint: server.endpoint,
  region: 'eu-central-1',
  bucket: server.bucket,
  credentials: server.credentials,
  forcePathStyle: true,
  prefix: `store-${stores++}/`,
  ...more,
});
const open = (more?: Partial<S3ArtifactStoreOptions>): Promise<ArtifactStore> => createS3ArtifactStore(optionsOf(more));

testArtifactStore('S3', () => open());

describe('names', () => {
  const hostile = [
    '',
    '.',
    '..',
    '../..',
    '/',
    'a/../b',
    '-',
    't-',
    'r-',
    't-/r-x',
    'a/r-b/files',
    '%2E',
    '%2F',
    '%',
    '%u0041',
    'A',
    'a',
    'ä',
    'a\u0308',
    ' ',
    'a+b',
    'a b',
    '?x=1',
    '#',
    '*',
    '\0',
    '\n',
    '😀',
    '\ud800',
    '\udc00',
    '__proto__',
    '\\',
    '\ufffd',
  ];

  const name = fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'binary' }));

  it('are folders that no other name reaches', () => {
    fc.assert(
      fc.property(fc.tuple(name, name, name, name), ([tenant, run_id, otherTenant, otherRun]) => {
        const one = folderOf('p/', { tenant, run_id });
        const two = folderOf('p/', { tenant: otherTenant, run_id: otherRun });
        expect(one).toMatch(/^p\/t-[\w.%-]*\/r-[\w.%-]*\/$/);
        const isSame = tenant === otherTenant && run_id === otherRun;
        expect([one === two, one.startsWith(two)]).toEqual([isSame, isSame]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('keep what they have apart in the bucket', async () => {
    const store = await open();
    const refs: RunRef[] = hostile.flatMap((name) => [
      { tenant: name, run_id: 'run' },
      { tenant: 'tenant', run_id: name },
    ]);
    await Promise.all(refs.map((ref, index) => store.put(ref, 'files/n', fileOf(String(index)))));
    for (const [index, ref] of refs.entries()) {
      expect(textOf((await store.get(ref, 'files/n'))?.bytes ?? new Uint8Array())).toBe(String(index));
      expect(await store.list(ref)).toHaveLength(1);
    }
    for (const path of ['../r-run/files/n', '/files/n', 'files/../files/n'])
      expect(await store.get({ tenant: 'tenant', run_id: 'x' }, path)).toBeUndefined();
    await store.close();
  });
});

describe('files', () => {
  it('are listed beyond one page, sorted by path', async () => {
    const store = await open();
    const paths = Array.from({ length: 230 }, (_, index) => `files/${'Bä-b'[index % 4]}${index}`);
    for (let from = 0; from < paths.length; from += 50)
      await Promise.all(paths.slice(from, from + 50).map((path) => store.put(RUN, path, fileOf(path))));
    const listed = await store.list(RUN);
    expect(listed.map(({ path }) => path)).toEqual(paths.toSorted((a, b) => (a < b ? -1 : 1)));
    await store.close();
  });

  it('are given in parts that agree with the whole', async () => {
    const store = await open();
    await store.put(RUN, 'files/a', fileOf('0123456789'));
    await store.put(RUN, 'files/empty', fileOf(''));
    const end = fc.nat(14);
    await fc.assert(
      fc.asyncProperty(end, end, async (start, stop) => {
        const found = await store.get(RUN, 'files/a', { start, end: stop });
        expect([textOf(found?.bytes ?? new Uint8Array(1)), found?.entry.bytes]).toEqual([
          '0123456789'.slice(start, stop),
          10,
        ]);
        const none = await store.get(RUN, 'files/empty', { start, end: stop });
        expect([none?.bytes.length, none?.entry.bytes]).toEqual([0, 0]);
        expect(await store.get(RUN, 'files/none', { start, end: stop })).toBeUndefined();
      }),
      { numRuns: 40 },
    );
    await store.close();
  });

  it('that somebody changed in the bucket are not handed out as what they were', async () => {
    const options = optionsOf();
    const store = await createS3ArtifactStore(options);
    await store.put(RUN, 'files/a', fileOf('mine'));
    const Key = `${options.prefix}t-acme/r-run-1/files/a`;
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket: server.bucket, Prefix: options.prefix }));
    expect(Contents?.map((object) => object.Key)).toEqual([Key]);
    const Metadata = { sha256: (await store.list(RUN))[0]?.digest ?? '' };
    await client.send(new PutObjectCommand({ Bucket: server.bucket, Key, Body: 'theirs', Metadata }));
    await expect(store.get(RUN, 'files/a')).rejects.toMatchObject({ code: 'digest_mismatch' });
    await client.send(new DeleteObjectCommand({ Bucket: server.bucket, Key }));
    expect([await store.get(RUN, 'files/a'), await store.list(RUN)]).toEqual([undefined, []]);
    await store.close();
  });

  it('whose key would be too long are refused before anything is sent', async () => {
    const store = await open();
    const path = `files/${'😀'.repeat(300)}`;
    await expect(store.put(RUN, path, fileOf('x'))).rejects.toMatchObject({ code: 'invalid_request' });
    expect(await store.get(RUN, path)).toBeUndefined();
    await store.close();
  });
});

describe('a bucket', () => {
  it('that is not there is missed at once, with the command that makes it', async () => {
    const refused = open({ bucket: 'no-such-bucket' });
    await expect(refused).rejects.toMatchObject({ code: 'unavailable' });
    await expect(refused).rejects.toThrow(`aws s3 mb s3://no-such-bucket --region eu-central-1`);
  });

  it('that cannot be reached, or refuses the credentials, is unavailable, and says nothing secret', async () => {
    const refusals = [
      [403, 'SignatureDoesNotMatch'],
      [403, 'AccessDenied'],
      [301, 'PermanentRedirect'],
      [503, 'SlowDown'],
    ] as const;
    const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'hunter2' };
    const endpoints = await Promise.all(refusals.map(([status, code]) => answerAlways(status, code)));
    for (const endpoint of [...endpoints.map(({ url }) => url), 'http://127.0.0.1:1']) {
      const error = await open({ endpoint, credentials }).catch((thrown) => thrown);
      expect(error).toMatchObject({ code: 'unavailable' });
      expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('hunter2');
    }
    await Promise.all(endpoints.map(({ close }) => close()));
  });

  it('that is busy for a moment is asked again', async () => {
    const busy = await answerAlways(503, 'SlowDown', 2);
    const store = await open({ endpoint: busy.url });
    expect(busy.asked()).toBe(3);
    await store.close();
    await busy.close();
  });
});

/** A server that refuses so many requests, or all of them, and knows of nothing afterwards. */
async function answerAlways(status: number, code: string, times = Number.POSITIVE_INFINITY) {
  let asked = 0;
  const refusing = createServer((request, response) => {
    request.resume();
    const isRefused = ++asked <= times;
    response.writeHead(isRefused ? status : 200, { 'content-type': 'application/xml' });
    response.end(isRefused ? `<Error><Code>${code}</Code></Error>` : '<ListBucketResult></ListBucketResult>');
  });
  await new Promise<void>((done) => refusing.listen(0, '127.0.0.1', done));
  const address = refusing.address();
  return {
    url: `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`,
    asked: () => asked,
    close: () => new Promise((done) => refusing.close(done)),
  };
}
