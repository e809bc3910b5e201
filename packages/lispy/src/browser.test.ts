/** The package in a real browser: in a page and a worker that forbid generating code from strings. */
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const executablePath = '/usr/bin/chromium';
const sources = dirname(fileURLToPath(import.meta.url));
const isMissing = !existsSync(executablePath) && !process.env.CI;

const policy = "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'";
const workerSource = `
import { compileProgram, printValue } from '/src/index.ts';
addEventListener('message', async ({ data }) => {
  try {
    const bindings = { later: (value) => new Promise((resolve) => setTimeout(() => resolve(value), 1)) };
    const instance = compileProgram(data).instantiate({ bindings });
    postMessage(printValue(await instance.run()));
  } catch (error) {
    postMessage(String(error.code));
  }
});`;
const pageSource = `
import * as lispy from '/src/index.ts';
window.lispy = lispy;
// Asked by the page itself: what a debugger evaluates is exempt from the policy.
window.evalIsForbidden = (() => { try { new Function('return 1')(); return false; } catch { return true; } })();
window.inPage = (source) => new Promise((resolve) => setTimeout(async () => {
  const bindings = { later: (value) => new Promise((done) => setTimeout(() => done(value), 1)) };
  try {
    resolve(lispy.printValue(await lispy.compileProgram(source).instantiate({ bindings }).run()));
  } catch (error) {
    resolve(String(error.code));
  }
}));
window.inWorker = (source) => new Promise((resolve, reject) => {
  const worker = new Worker('/worker.js', { type: 'module' });
  worker.onmessage = ({ data }) => { worker.terminate(); resolve(data); };
  worker.onerror = (event) => reject(new Error(event.message));
  worker.postMessage(source);
});`;

const contentOf = (path: string): [type: string, body: string] | undefined => {
  if (path === '/') return ['text/html', '<!doctype html><script type="module" src="/page.js"></script>'];
  if (path === '/page.js') return ['text/javascript', pageSource];
  if (path === '/worker.js') return ['text/javascript', workerSource];
  const file = normalize(join(sources, path.replace(/^\/src\//, '')));
  if (!path.startsWith('/src/') || !file.startsWith(sources) || !existsSync(file)) return undefined;
  return ['text/javascript', stripTypeScriptTypes(readFileSync(file, 'utf8'))];
};

const serve = (): Promise<Server> =>
  new Promise((resolve) => {
    const server = createServer((request, response) => {
      const content = contentOf(new URL(request.url ?? '/', 'http://x').pathname);
      response.writeHead(content ? 200 : 404, {
        'content-type': content?.[0] ?? 'text/plain',
        'content-security-policy': policy,
      });
      response.end(content?.[1] ?? '');
    });
    server.listen(0, '127.0.0.1', () => resolve(server));
  });

type InPage = {
  lispy: typeof import('./index.ts');
  evalIsForbidden: boolean;
  inPage(source: string): Promise<string>;
  inWorker(source: string): Promise<string>;
};

const programs: readonly (readonly [string, string])[] = [
  ['(define (fib n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2))))) (fib 15)', '610'],
  ['(reduce + 0 (filter even? (map (lambda (x) (* x x)) (range 100))))', '161700'],
  ['(define-macro (twice x) `(list ,x ,x)) (twice (later 5))', '(5 5)'],
  ['(map (lambda (x) (try (later x) (catch e 0))) [1 2])', '(1 2)'],
  ['(expt 2 100)', '1267650600228229401496703205376'],
  ['(define (f n) (if (= n 0) 0 (+ 1 (f (- n 1))))) (f 9990)', '9990'],
  ['(define (f n) (+ 1 (f n))) (f 1)', 'limit'],
];

describe.skipIf(isMissing)(`in Chromium${isMissing ? ` (skipped: ${executablePath} is not installed)` : ''}`, () => {
  let server: Server;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    server = await serve();
    const args = [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ];
    browser = await chromium.launch({ executablePath, args });
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => 'inWorker' in window);
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  it('refuses to generate code from strings, as the policy says', async () => {
    expect(await page.evaluate(() => (window as unknown as InPage).evalIsForbidden)).toBe(true);
  });

  it.each(programs)('runs %s in the page', async (source, expected) => {
    expect(await page.evaluate((text) => (window as unknown as InPage).inPage(text), source)).toBe(expected);
  });

  it.each(programs)('runs %s in a worker', async (source, expected) => {
    expect(await page.evaluate((text) => (window as unknown as InPage).inWorker(text), source)).toBe(expected);
  });

  it('leaves the page responsive during an endless loop and stops it', async () => {
    const [code, frames] = await page.evaluate(async () => {
      const { lispy } = window as unknown as InPage;
      let ticks = 0;
      const timer = setInterval(() => ticks++, 5);
      const run = lispy
        .compileProgram('(let loop () (loop))')
        .instantiate({ timeout: 200, limits: { steps: Number.MAX_SAFE_INTEGER } })
        .run();
      const error = await Promise.resolve(run).catch((thrown: unknown) => thrown);
      clearInterval(timer);
      return [error instanceof lispy.LispyError ? error.limit : undefined, ticks] as const;
    });
    expect(code).toBe('time');
    expect(frames).toBeGreaterThan(3);
  });
});
