// What the S3 server of tests keeps, in maps: any key that S3 takes, parts from the first byte on, lists by bytes.
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';

type Metadata = { readonly [name: string]: string };

/** As the server hands them in, and wants them back. */
type ServerObject = {
  readonly bucket: string;
  readonly key: string;
  readonly content: AsyncIterable<Uint8Array> | null;
  readonly metadata: Metadata;
  range?: Range;
};
type Range = { readonly start: number; readonly end: number };
type Kept = { readonly bytes: Buffer; readonly metadata: Metadata };
type ListOptions = { readonly prefix: string; readonly after: string; readonly most: number };

const ServerObject = createRequire(import.meta.url)('s3rver/lib/models/object') as new (
  bucket: string,
  key: string,
  content: Readable | null,
  metadata: Metadata,
) => ServerObject;

export function createS3Objects() {
  const buckets = new Map<string, Map<string, Kept>>();
  const of = (bucket: string): Map<string, Kept> => buckets.get(bucket) ?? new Map();
  const toObject = (bucket: string, key: string, { metadata }: Kept, content: Readable | null) =>
    new ServerObject(bucket, key, content, metadata);

  return {
    reset: () => buckets.clear(),
    getBucket: async (name: string) => (buckets.has(name) ? { name, creationDate: new Date(0) } : null),
    async putBucket(name: string) {
      buckets.set(name, of(name));
      return this.getBucket(name);
    },
    getSubresource: async () => null,
    existsObject: async (bucket: string, key: string) => of(bucket).has(key),
    deleteObject: async (bucket: string, key: string) => of(bucket).delete(key),

    async putObject({ bucket, key, content, metadata }: ServerObject) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of content ?? []) chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      const md5 = createHash('md5').update(bytes).digest('hex');
      const own = {
        etag: JSON.stringify(md5),
        'last-modified': new Date(0).toUTCString(),
        'content-length': String(bytes.length),
      };
      of(bucket).set(key, { bytes, metadata: { ...metadata, ...own } });
      return { size: bytes.length, md5 };
    },

    async getObject(bucket: string, key: string, asked: { readonly start?: number; readonly end?: number } = {}) {
      const kept = of(bucket).get(key);
      if (kept === undefined) return null;
      const { start = 0, end = Number.POSITIVE_INFINITY } = asked;
      const range = { start, end: Math.min(end, kept.bytes.length - 1) };
      const isThere = asked.start === undefined || range.start <= range.end;
      const content = isThere ? Readable.from([kept.bytes.subarray(range.start, range.end + 1)]) : null;
      const object = toObject(bucket, key, kept, content);
      if (asked.start !== undefined) object.range = range;
      return object;
    },

    /** The keys behind `after`, and whether there are more. */
    listKeys(bucket: string, { prefix, after, most }: ListOptions) {
      const keys = [...of(bucket).keys()].filter((key) => key.startsWith(prefix) && byBytes(key, after) > 0);
      return { keys: keys.sort(byBytes).slice(0, most), isTruncated: keys.length > most };
    },
  };
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
