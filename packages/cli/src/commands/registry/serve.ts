// A registry's folder over HTTP: files as they are, nothing that begins with a dot, nothing outside.
import { createReadStream, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { PypesError } from '@pypes/contract';

/** Serves until the process ends. @returns where */
export async function serveFolder(folder: string, host: string, port: number): Promise<string> {
  const root = resolve(folder);
  if (statSync(join(root, 'timestamp.json'), { throwIfNoEntry: false }) === undefined) {
    throw new PypesError('not_found', `"${folder}" holds no registry; make one with: pypes registry init ${folder}`);
  }
  const server = createServer((request, response) => answer(root, request, response));
  await new Promise<void>((done, failed) => {
    server.once('error', failed);
    server.listen(port, host, done);
  });
  const { address, family, port: chosen } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${chosen}`;
}

/** What is public may be read by any page; also that something is not there. */
const ANYBODY = { 'access-control-allow-origin': '*' };

const SEGMENT = /^[A-Za-z0-9_][A-Za-z0-9._@+-]*$/;

function answer(root: string, { method, url = '/' }: IncomingMessage, response: ServerResponse): void {
  if (method !== 'GET' && method !== 'HEAD') {
    response.writeHead(405, { ...ANYBODY, allow: 'GET, HEAD' }).end();
    return;
  }
  const segments = url
    .replace(/[?#].*$/, '')
    .split('/')
    .filter((part) => part !== '');
  const path = join(root, ...segments);
  const found = segments.every((part) => SEGMENT.test(part)) ? statSync(path, { throwIfNoEntry: false }) : undefined;
  if (found?.isFile() !== true) {
    response.writeHead(404, ANYBODY).end();
    return;
  }
  response.writeHead(200, {
    'content-type': path.endsWith('.json') ? 'application/json' : 'application/octet-stream',
    'content-length': found.size,
    ...ANYBODY,
  });
  if (method === 'HEAD') response.end();
  else
    createReadStream(path)
      .on('error', () => response.destroy())
      .pipe(response);
}
