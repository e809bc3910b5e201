// Files of runs as objects: type and digest stand in each object's own metadata, so that there is no index to lose (spec 5).
import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { PypesError } from '@pypes/contract';
import type { ArtifactEntry, ArtifactStore, ByteRange } from '@pypes/contract/runs';
import { checkMediaType } from '../artifact-rules.ts';
import { digestOf } from '../object-rules.ts';
import { connect, type S3Options } from './connect.ts';
import { isBehindEnd, isMissing, type Place, s3Error } from './errors.ts';
import { findKey, folderOf, keyOf, pathOf } from './keys.ts';

export type S3ArtifactStoreOptions = S3Options;

/** How many objects are looked at at once while a run is listed. */
const HEADS = 16;
const DIGEST = 'sha256';

/**
 * Opens the bucket, which has to be there. A file that was put is as durable as the bucket is.
 *
 * @throws PypesError `unavailable` where the bucket is not there, or cannot be reached
 * @example
 * const store = await createS3ArtifactStore({ region: 'eu-central-1', bucket: 'runs', prefix: 'pypes/' });
 */
export async function createS3ArtifactStore(options: S3ArtifactStoreOptions): Promise<ArtifactStore> {
  const { bucket: Bucket, region, endpoint, prefix = '' } = options;
  const place: Place = { bucket: Bucket, region, endpoint };
  const client = connect(options);

  /** `undefined` where there is no such object. */
  async function find<T>(action: string, ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask();
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw s3Error(action, error, place);
    }
  }

  const head = (Key: string) => client.send(new HeadObjectCommand({ Bucket, Key }));

  /** The object, or the bytes of it that were asked for: none where there are none of these. */
  async function getPart(Key: string, { start, end }: ByteRange): Promise<Part> {
    if (end <= start) return { answer: await head(Key), bytes: new Uint8Array() };
    const Range = end === Number.POSITIVE_INFINITY ? undefined : `bytes=${start}-${end - 1}`;
    try {
      const answer = await client.send(new GetObjectCommand({ Bucket, Key, ...(Range && { Range }) }));
      const bytes = (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
      // Some servers do not know ranges, or send more than was asked for.
      const first = Number(/^bytes (\d+)-/.exec(answer.ContentRange ?? '')?.[1] ?? 0);
      return { answer, bytes: bytes.slice(start - first, end - first) };
    } catch (error) {
      if (!isBehindEnd(error)) throw error;
      return { answer: await head(Key), bytes: new Uint8Array() };
    }
  }

  async function keysOf(folder: string): Promise<readonly string[]> {
    const keys: string[] = [];
    for (let token: string | undefined; ; ) {
      const command = new ListObjectsV2Command({ Bucket, Prefix: folder, ...(token && { ContinuationToken: token }) });
      const { Contents = [], NextContinuationToken } = await client.send(command);
      keys.push(...Contents.flatMap(({ Key }) => (Key === undefined ? [] : [Key])));
      token = NextContinuationToken;
      if (token === undefined) return keys;
    }
  }

  try {
    await client.send(new ListObjectsV2Command({ Bucket, Prefix: prefix, MaxKeys: 1 }));
  } catch (error) {
    client.destroy();
    throw s3Error('open the store of the files of runs', error, place);
  }

  return {
    async put(ref, path, { bytes, mediaType }) {
      const Key = keyOf(folderOf(prefix, ref), path);
      checkMediaType(mediaType);
      const copy = new Uint8Array(bytes);
      const digest = await digestOf(copy);
      const command = new PutObjectCommand({
        Bucket,
        Key,
        Body: copy,
        ContentType: mediaType,
        ChecksumSHA256: toBase64(digest),
        Metadata: { [DIGEST]: digest },
      });
      try {
        await client.send(command);
      } catch (error) {
        throw s3Error(`store the file "${path}"`, error, place);
      }
    },

    async get(ref, path, range) {
      const key = findKey(folderOf(prefix, ref), path);
      if (key === undefined) return undefined;
      const action = `read the file "${path}"`;
      const found = await find(action, () => getPart(key, partOf(range)));
      if (found === undefined) return undefined;
      const entry = toEntry(path, found.answer);
      if (range === undefined) await checkDigest(entry, found.bytes);
      return { entry, bytes: found.bytes };
    },

    async list(ref) {
      const folder = folderOf(prefix, ref);
      const action = `list the files of the run "${ref.run_id}"`;
      const keys = (await find(action, () => keysOf(folder))) ?? [];
      const entries = await mapSome(keys, HEADS, async (key) => {
        const answer = await find(action, () => head(key));
        return answer && toEntry(pathOf(folder, key), answer);
      });
      return entries.filter((entry) => entry !== undefined).sort((a, b) => (a.path < b.path ? -1 : 1));
    },

    async close() {
      client.destroy();
    },
  };
}

type Part = { readonly answer: GetObjectCommandOutput | HeadObjectCommandOutput; readonly bytes: Uint8Array };

/** All of it where nothing else is asked for. */
function partOf({ start, end }: ByteRange = { start: 0, end: Number.POSITIVE_INFINITY }): ByteRange {
  return { start: Math.max(0, start), end };
}

function toEntry(path: string, { ContentLength, ContentRange, ContentType, Metadata }: Part['answer']): ArtifactEntry {
  const whole = /\/(\d+)$/.exec(ContentRange ?? '')?.[1];
  return {
    path,
    bytes: whole === undefined ? (ContentLength ?? 0) : Number(whole),
    digest: Metadata?.[DIGEST] ?? '',
    media_type: ContentType ?? 'application/octet-stream',
  };
}

async function checkDigest({ path, digest }: ArtifactEntry, bytes: Uint8Array): Promise<void> {
  if ((await digestOf(new Uint8Array(bytes))) === digest) return;
  throw new PypesError(
    'digest_mismatch',
    `The file "${path}" is not what was stored: somebody changed it in the bucket`,
  );
}

function toBase64(digest: string): string {
  const bytes = (digest.slice('sha256:'.length).match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
  return btoa(String.fromCharCode(...bytes));
}

/** Each, a few at a time, in their order. */
async function mapSome<T, R>(items: readonly T[], most: number, map: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  const work = async () => {
    for (let index = next++; index < items.length; index = next++) results[index] = await map(items[index]!);
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, work));
  return results;
}
