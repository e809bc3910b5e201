// An S3 server for tests that heeds conditions: what AWS documents of If-Match and If-None-Match on PUT and DELETE.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export type ConditionalS3 = {
  readonly endpoint: string;
  readonly bucket: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** What lies there now, by key. */
  readonly objects: ReadonlyMap<string, Kept>;
  /** The next PUTs whose key matches are done, and never answered: the connection breaks. */
  loseAnswers(times: number, key: RegExp): void;
  /** Conditions are ignored from now on, as some servers do. */
  ignoreConditions(): void;
  /** Called before a PUT with conditions decides. */
  onDecision(hook: (key: string) => Promise<void> | void): void;
  stop(): Promise<void>;
};

type Kept = {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly modified: number;
  readonly headers: { readonly [name: string]: string };
};

/** Fewer than the 1,000 of S3, so that few objects are many pages. */
const PAGE = 50;
const BUCKET = 'pypes-test';

export async function startConditionalS3(): Promise<ConditionalS3> {
  const objects = new Map<string, Kept>();
  let lost = { times: 0, key: /^/ };
  let heeds = true;
  let hook: (key: string) => Promise<void> | void = () => undefined;

  async function put(request: IncomingMessage, response: ServerResponse, key: string): Promise<unknown> {
    const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = request.headers;
    const isConditional = heeds && (ifMatch !== undefined || ifNoneMatch !== undefined);
    const before = objects.get(key);
    const bytes = await readAll(request);
    if (isConditional) {
      await hook(key);
      const now = objects.get(key);
      if (ifMatch !== undefined && now === undefined) return refuse(response, 404, 'NoSuchKey');
      const holds = ifMatch === undefined ? now === undefined : now?.etag === ifMatch;
      // What changed while the request was under way is a conflict, what had changed before is a failed condition.
      if (!holds && now !== before) return refuse(response, 409, 'ConditionalRequestConflict');
      if (!holds) return refuse(response, 412, 'PreconditionFailed');
    }
    const etag = JSON.stringify(createHash('md5').update(bytes).digest('hex'));
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => name === 'content-type' || name.startsWith('x-amz-meta-')),
    ) as { readonly [name: string]: string };
    objects.set(key, { bytes, etag, headers, modified: Date.now() });
    if (lost.times > 0 && lost.key.test(key)) {
      lost = { ...lost, times: lost.times - 1 };
      return response.destroy();
    }
    return response.writeHead(200, { etag }).end();
  }

  function get(request: IncomingMessage, response: ServerResponse, key: string): ServerResponse {
    const kept = objects.get(key);
    if (kept === undefined) return refuse(response, 404, 'NoSuchKey');
    response.writeHead(200, {
      ...kept.headers,
      etag: kept.etag,
      'last-modified': new Date(kept.modified).toUTCString(),
      'content-length': kept.bytes.length,
    });
    return response.end(request.method === 'HEAD' ? undefined : kept.bytes);
  }

  function remove(request: IncomingMessage, response: ServerResponse, key: string): ServerResponse {
    const { 'if-match': ifMatch } = request.headers;
    if (heeds && ifMatch !== undefined) {
      const kept = objects.get(key);
      if (kept === undefined) return refuse(response, 404, 'NoSuchKey');
      if (kept.etag !== ifMatch) return refuse(response, 412, 'PreconditionFailed');
    }
    objects.delete(key);
    return response.writeHead(204).end();
  }

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://s3');
    const [, bucket, ...rest] = pathname.split('/').map(decodeURIComponent);
    const key = rest.join('/');
    if (bucket !== BUCKET) return refuse(response, 404, 'NoSuchBucket');
    if (key === '' && request.method === 'GET') return list(response, objects, searchParams);
    if (request.method === 'PUT') return void put(request, response, key);
    if (request.method === 'DELETE') return remove(request, response, key);
    if (request.method === 'GET' || request.method === 'HEAD') return get(request, response, key);
    return refuse(response, 405, 'MethodNotAllowed');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  return {
    endpoint: `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`,
    bucket: BUCKET,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    objects,
    loseAnswers: (times, key) => {
      lost = { times, key };
    },
    ignoreConditions: () => {
      heeds = false;
    },
    onDecision: (next) => {
      hook = next;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function refuse(response: ServerResponse, status: number, code: string): ServerResponse {
  return response.writeHead(status, { 'content-type': 'application/xml' }).end(`<Error><Code>${code}</Code></Error>`);
}

function list(response: ServerResponse, objects: ReadonlyMap<string, Kept>, query: URLSearchParams): ServerResponse {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter');
  const after = Buffer.from(query.get('continuation-token') ?? '', 'base64url').toString();
  /** A folder stands for all that is in it. */
  const nameOf = (key: string): string => {
    const end = delimiter === null ? -1 : key.indexOf(delimiter, prefix.length);
    return end < 0 ? key : key.slice(0, end + 1);
  };
  const all = [...new Set([...objects.keys()].filter((key) => key.startsWith(prefix)).map(nameOf))].sort(byBytes);
  const rest = all.filter((name) => byBytes(name, after) > 0);
  const page = rest.slice(0, PAGE);
  const isCut = rest.length > page.length;
  const body = page.map((name) => {
    const kept = objects.get(name);
    if (kept === undefined) return `<CommonPrefixes><Prefix>${escapeXml(name)}</Prefix></CommonPrefixes>`;
    const modified = new Date(kept.modified).toISOString();
    return `<Contents><Key>${escapeXml(name)}</Key><LastModified>${modified}</LastModified><Size>${kept.bytes.length}</Size></Contents>`;
  });
  const token = `<NextContinuationToken>${Buffer.from(page.at(-1) ?? '').toString('base64url')}</NextContinuationToken>`;
  response.writeHead(200, { 'content-type': 'application/xml' });
  return response.end(
    `<ListBucketResult><IsTruncated>${isCut}</IsTruncated>${isCut ? token : ''}${body.join('')}</ListBucketResult>`,
  );
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
