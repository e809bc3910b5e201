// A bucket as a place for conditional writes; one that ignores conditions is refused before anything is written.
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { PypesError } from '@pypes/contract';
import type { BlobEntry, Condition, ConditionalBlobs } from '../conditional-blobs.ts';
import type { S3Options } from './connect.ts';
import { isMissing, isRefusedCondition, s3Error } from './errors.ts';

const NOTE = 'note';
/** Written over and over, to learn whether conditions count. */
const PROBE = 'conditions';

export function createS3Blobs(
  client: S3Client,
  { bucket: Bucket, region, endpoint, prefix = '' }: S3Options,
): ConditionalBlobs {
  const place = { bucket: Bucket, region, endpoint };
  const at = (key: string) => ({ Bucket, Key: prefix + key });
  let honest: Promise<void> | undefined;

  /** `undefined` where there is no such object. */
  async function find<T>(action: string, ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask();
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw s3Error(action, error, place);
    }
  }

  async function send(key: string, bytes: Uint8Array, type: string, note: string, condition?: Condition) {
    const command = new PutObjectCommand({
      ...at(key),
      Body: bytes,
      ContentType: type,
      ...(note === '' ? {} : { Metadata: { [NOTE]: note } }),
      ...(condition === undefined ? {} : condition === 'absent' ? { IfNoneMatch: '*' } : { IfMatch: condition.etag }),
    });
    try {
      return { etag: (await client.send(command)).ETag ?? '' };
    } catch (error) {
      if (condition !== undefined && (isRefusedCondition(error) || isMissing(error))) return 'refused';
      throw s3Error(`store "${key}"`, error, place);
    }
  }

  /** @throws PypesError `unsupported` */
  async function checkConditions(): Promise<void> {
    const probe = (condition: Condition) => send(PROBE, new Uint8Array(), 'text/plain', '', condition);
    const ignored = [
      (await probe('absent')) !== 'refused' && (await probe('absent')) !== 'refused' ? 'If-None-Match' : undefined,
      (await probe({ etag: '"00000000000000000000000000000000"' })) === 'refused' ? undefined : 'If-Match',
    ].filter((header) => header !== undefined);
    if (ignored.length === 0) return;
    throw new PypesError(
      'unsupported',
      `${endpoint ?? 'S3'} ignores ${ignored.join(' and ')} of a PUT, so that what one process writes another would overwrite; take a server with conditional writes`,
    );
  }

  async function* pages(action: string, Prefix: string, Delimiter?: string) {
    for (let token: string | undefined; ; ) {
      const command = new ListObjectsV2Command({
        Bucket,
        Prefix: prefix + Prefix,
        ...(Delimiter === undefined ? {} : { Delimiter }),
        ...(token === undefined ? {} : { ContinuationToken: token }),
      });
      const page = await client.send(command).catch((error: unknown) => {
        throw s3Error(action, error, place);
      });
      yield page;
      token = page.NextContinuationToken;
      if (token === undefined) return;
    }
  }

  return {
    async get(key) {
      return find(`read "${key}"`, async () => {
        const { Body, ETag = '', Metadata } = await client.send(new GetObjectCommand(at(key)));
        const bytes = new Uint8Array((await Body?.transformToByteArray()) ?? []);
        return { bytes, etag: ETag, note: Metadata?.[NOTE] ?? '' };
      });
    },
    async etagOf(key) {
      return find(`look at "${key}"`, async () => (await client.send(new HeadObjectCommand(at(key)))).ETag ?? '');
    },
    async put(key, { bytes, type, note = '' }, condition) {
      if (condition !== undefined) {
        honest ??= checkConditions();
        await honest.catch((error: unknown) => {
          honest = undefined;
          throw error;
        });
      }
      return send(key, bytes, type, note, condition);
    },
    async delete(key, etag) {
      try {
        await client.send(new DeleteObjectCommand({ ...at(key), ...(etag === undefined ? {} : { IfMatch: etag }) }));
        return true;
      } catch (error) {
        if (isMissing(error)) return etag === undefined;
        if (isRefusedCondition(error)) return false;
        throw s3Error(`delete "${key}"`, error, place);
      }
    },
    async list(wanted) {
      const entries: BlobEntry[] = [];
      for await (const { Contents = [] } of pages(`list "${wanted}"`, wanted)) {
        for (const { Key = '', LastModified } of Contents)
          entries.push({ key: Key.slice(prefix.length), modified: LastModified?.getTime() ?? 0 });
      }
      return entries;
    },
    async folders(wanted) {
      const names: string[] = [];
      const begin = prefix.length + wanted.length;
      for await (const { CommonPrefixes = [] } of pages(`list "${wanted}"`, wanted, '/'))
        names.push(...CommonPrefixes.map(({ Prefix = '' }) => Prefix.slice(begin, -1)));
      return names;
    },
  };
}
