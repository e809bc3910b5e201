// Serves the page, in a process of its own: sources as they lie there, with their types blanked out; nothing is bundled.
//
// Run as `node site/serve.ts REGISTRY-URL ROOT-FILE SOURCE`; prints `{"url":…}` once it listens.
import { readFileSync, realpathSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { NAMES, SERVED } from './names.ts';

const [registry = '', rootFile = '', source = ''] = process.argv.slice(2);
const REPOSITORY = realpathSync(new URL('../../../', import.meta.url));
const PAGE = '/examples/skill-in-a-browser/page/';
const TYPES: { readonly [extension: string]: string } = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.ts': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** No generated code, no other origin but the registry; glue of a component is a module behind a blob URL. */
const PAGE_POLICY = `default-src 'none'; script-src 'self'; style-src 'self'; worker-src 'self'; connect-src 'self' ${registry}`;
/** A guest computes: its thread loads this site's modules, and sends no request to anybody. */
const GUEST_POLICY = "default-src 'none'; script-src 'self' blob: 'wasm-unsafe-eval'";
const TRANSPILE_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

const server = createServer(answer).listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}/` }));
});

function answer({ url = '/' }: IncomingMessage, response: ServerResponse): void {
  const { pathname } = new URL(url, 'http://site');
  if (pathname === '/') {
    send(response, `${PAGE}index.html`, readFileSync(`${REPOSITORY}${PAGE}index.html`));
    return;
  }
  if (pathname === '/registry.json') {
    // The trust root comes with the page, never from the registry that it judges.
    const text = JSON.stringify({ url: registry, root: readFileSync(rootFile).toString('base64'), source });
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(text);
    return;
  }
  if (pathname === '/favicon.ico') {
    response.writeHead(204).end();
    return;
  }
  const content = pathname.includes('..') ? undefined : read(pathname);
  if (content === undefined) response.writeHead(404).end();
  else send(response, pathname, content);
}

const known = new Map<string, string | Uint8Array | undefined>();

/** Sources do not change while the story runs, and blanking out types takes longer than anything else here. */
function read(pathname: string): string | Uint8Array | undefined {
  if (!known.has(pathname)) known.set(pathname, load(pathname));
  return known.get(pathname);
}

function load(pathname: string): string | Uint8Array | undefined {
  if (!SERVED.some((folder) => pathname.startsWith(folder))) return undefined;
  try {
    const bytes = readFileSync(`${REPOSITORY}${pathname}`);
    if (pathname.endsWith('.ts')) return withPaths(stripTypeScriptTypes(bytes.toString('utf8')));
    return pathname.endsWith('.js') ? withPaths(bytes.toString('utf8')) : bytes;
  } catch {
    return undefined;
  }
}

/** Names become paths; nothing else in a file changes. */
function withPaths(code: string): string {
  return Object.entries(NAMES).reduce(
    (text, [name, path]) => text.replaceAll(` from '${name}'`, ` from '${path}'`),
    code,
  );
}

function send(response: ServerResponse, pathname: string, content: string | Uint8Array): void {
  const policy = pathname.endsWith('guest.worker.ts')
    ? GUEST_POLICY
    : pathname.endsWith('transpile.worker.ts')
      ? TRANSPILE_POLICY
      : PAGE_POLICY;
  response.writeHead(200, {
    'content-type': TYPES[extname(pathname)] ?? 'application/octet-stream',
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
  response.end(content);
}
