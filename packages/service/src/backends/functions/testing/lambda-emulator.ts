// AWS Lambda as a handler sees it: the Runtime API, instances that serve one event at a time, and a function URL before them.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { LambdaEvent, LambdaResult } from '../lambda-events.ts';

export type Lambda = {
  /** Where the function URL answers. */
  readonly url: string;
  /** Hands in an event, whatever it is. @throws Error where the handler did */
  invoke(event: unknown): Promise<unknown>;
  /** What instances wrote. */
  readonly said: () => string;
  stop(): Promise<void>;
};

export type LambdaOptions = {
  /** The folder that was deployed. */
  readonly folder: string;
  readonly environment: { readonly [name: string]: string };
  /** Requests that can be served at once. */
  readonly instances?: number;
  readonly timeoutMs?: number;
};

type Invocation = {
  readonly id: string;
  readonly event: unknown;
  readonly done: (result: unknown) => void;
  readonly failed: (error: Error) => void;
};

const BOOTSTRAP = join(import.meta.dirname, 'lambda-bootstrap.fixture.mjs');
const TIMEOUT_MS = 60_000;

/** @throws Error where an instance does not start, with what it wrote */
export async function startLambda(options: LambdaOptions): Promise<Lambda> {
  const { folder, environment, instances = 2, timeoutMs = TIMEOUT_MS } = options;
  const waiting: Invocation[] = [];
  const idle: ((invocation: Invocation) => void)[] = [];
  const running = new Map<string, Invocation>();
  let said = '';

  function invoke(event: unknown): Promise<unknown> {
    return new Promise((done, failed) => {
      const invocation = { id: randomUUID(), event, done, failed };
      const next = idle.shift();
      if (next === undefined) waiting.push(invocation);
      else next(invocation);
    });
  }

  const runtimeApi = createServer(async (request, response) => {
    const [, id = '', what = ''] = /invocation\/(?:next|([^/]+)\/(\w+))$/.exec(request.url ?? '') ?? [];
    if (id === '') {
      const send = (invocation: Invocation) => {
        running.set(invocation.id, invocation);
        response.writeHead(200, {
          'content-type': 'application/json',
          'lambda-runtime-aws-request-id': invocation.id,
          'lambda-runtime-deadline-ms': String(Date.now() + timeoutMs),
        });
        response.end(JSON.stringify(invocation.event));
      };
      const next = waiting.shift();
      if (next === undefined) idle.push(send);
      else send(next);
      return;
    }
    const value = JSON.parse((await readAll(request)).toString()) as unknown;
    const invocation = running.get(id);
    running.delete(id);
    if (what === 'response') invocation?.done(value);
    else invocation?.failed(new Error(JSON.stringify(value)));
    response.writeHead(202).end();
  });
  const functionUrl = createServer((request, response) => void answer(request, response));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const result = (await invoke(await toEvent(request)).catch((error: unknown) => ({
      statusCode: 502,
      body: String(error),
      isBase64Encoded: false,
    }))) as LambdaResult;
    const cookies = result.cookies === undefined ? {} : { 'set-cookie': [...result.cookies] };
    response.writeHead(result.statusCode, { ...result.headers, ...cookies });
    response.end(Buffer.from(result.body, result.isBase64Encoded ? 'base64' : 'utf8'));
  }

  const [api, url] = await Promise.all([listen(runtimeApi), listen(functionUrl)]);
  const children = Array.from({ length: instances }, () => {
    const child = spawn(process.execPath, [BOOTSTRAP], {
      cwd: folder,
      env: { PATH: process.env.PATH ?? '', ...environment, LAMBDA_TASK_ROOT: folder, AWS_LAMBDA_RUNTIME_API: api },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        said += chunk;
      });
    return child;
  });
  const onExit = () => children.forEach(kill);
  process.once('exit', onExit);
  const died = children.map((child) => new Promise<boolean>((gone) => child.once('exit', () => gone(false))));
  while (idle.length < instances) {
    const isAlive = await Promise.race([...died, new Promise<boolean>((later) => setTimeout(later, 20, true))]);
    if (!isAlive) {
      process.off('exit', onExit);
      onExit();
      await Promise.all([close(runtimeApi), close(functionUrl)]);
      throw new Error(said);
    }
  }
  return {
    url: `http://${url}`,
    invoke,
    said: () => said,
    async stop() {
      process.off('exit', onExit);
      onExit();
      await Promise.all([...died, close(runtimeApi), close(functionUrl)]);
    },
  };
}

function kill(child: ChildProcess): void {
  child.kill('SIGKILL');
}

async function toEvent(request: IncomingMessage): Promise<LambdaEvent> {
  const { pathname, search } = new URL(`http://function${request.url}`);
  const body = await readAll(request);
  const { cookie, ...headers } = request.headers;
  const isText = /^(text\/|application\/json)/.test(headers['content-type'] ?? '');
  return {
    version: '2.0',
    rawPath: pathname,
    rawQueryString: search.slice(1),
    headers: {
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(',')])),
      'x-forwarded-proto': 'http',
    },
    ...(cookie === undefined ? {} : { cookies: cookie.split('; ') }),
    requestContext: { http: { method: request.method ?? 'GET' }, stage: '$default' },
    ...(body.length === 0 ? {} : { body: body.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText }),
  };
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  return `127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
}
