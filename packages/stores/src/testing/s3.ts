// An S3 server for tests, in this process: keys and bytes as S3 has them, thrown away afterwards.
import { createRequire } from 'node:module';
import { newRoot } from './roots.ts';
import { createS3Objects } from './s3-objects.ts';

export type S3Server = {
  readonly endpoint: string;
  readonly bucket: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  stop(): Promise<void>;
};

/** A request that lists a bucket, and its answer. */
type Context = {
  readonly method: string;
  readonly path: string;
  readonly query: { readonly [name: string]: string | undefined };
  type: string;
  body: unknown;
};

type Objects = ReturnType<typeof createS3Objects>;
type S3rver = new (options: {
  readonly port: number;
  readonly address: string;
  readonly silent: boolean;
  readonly directory: string;
  readonly configureBuckets: readonly { readonly name: string }[];
}) => {
  store: Objects;
  readonly context: { store: Objects };
  readonly middleware: ((context: Context, next: () => Promise<void>) => Promise<void>)[];
  run(): Promise<{ readonly address: string; readonly port: number }>;
  close(): Promise<void>;
};

const require = createRequire(import.meta.url);

/** S3 has 1,000; fewer, so that few files are many pages. */
const PAGE = 50;

/** It ignores conditions and signatures: no test of these can be done with it. */
export async function startS3(bucket = 'pypes-test'): Promise<S3Server> {
  const Server: S3rver = require('s3rver');
  const server = new Server({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory: newRoot(),
    configureBuckets: [{ name: bucket }],
  });
  // Its own files cannot have every name that S3 takes, and its own pages need a cipher that OpenSSL 3 has no more.
  const objects = createS3Objects();
  server.store = objects;
  server.context.store = objects;
  server.middleware.unshift(async (context, next) => {
    const isList = context.method === 'GET' && context.path === `/${bucket}/` && context.query['list-type'] === '2';
    if (!isList) return next();
    context.type = 'application/xml';
    context.body = listPage(objects, bucket, context.query);
  });
  const { port } = await server.run();
  return {
    endpoint: `http://127.0.0.1:${port}`,
    bucket,
    credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
    stop: () => server.close(),
  };
}

function listPage(objects: Objects, bucket: string, query: Context['query']): string {
  const prefix = query.prefix ?? '';
  const after = Buffer.from(query['continuation-token'] ?? '', 'base64url').toString();
  const most = Math.min(PAGE, Number(query['max-keys'] ?? PAGE));
  const { keys, isTruncated } = objects.listKeys(bucket, { prefix, after, most });
  const token = Buffer.from(keys.at(-1) ?? '').toString('base64url');
  return [
    '<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">',
    `<Name>${bucket}</Name><IsTruncated>${isTruncated}</IsTruncated>`,
    isTruncated ? `<NextContinuationToken>${token}</NextContinuationToken>` : '',
    ...keys.map((key) => `<Contents><Key>${escapeXml(key)}</Key><Size>1</Size></Contents>`),
    '</ListBucketResult>',
  ].join('');
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
