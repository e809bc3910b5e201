// The guard alone in a real browser, under a policy that forbids generating code: in a page and in a worker.
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join, normalize, resolve } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const executablePath = '/usr/bin/chromium';
const packages = resolve(import.meta.dirname, '../..');
const isMissing = !existsSync(executablePath) && !process.env.CI;
const policy = "default-src 'none'; script-src 'self'; worker-src 'self'";

/** What is asked of the guard, wherever it is. */
const QUESTIONS = `
import { audit, compose, createContexts, labels, readPolicies, Trail } from '/guard/src/index.ts';
export async function ask() {
  const tables = [
    { use: 'allow', from: 'app', to: 'mail' },
    { use: 'dlp', to: 'mail', detect: ['payment-card'], action: 'block' },
    { use: 'approve', to: 'mail', reason: 'It leaves the house' },
  ];
  const { set, violations } = await readPolicies(tables, '/policy');
  if (violations.length > 0) throw new Error(JSON.stringify(violations));
  const asked = [];
  const flow = { contexts: createContexts(), about: () => ({ reads: [], sends: ['message'], destinations: ['/to'] }) };
  const services = {
    ...flow,
    schemas: { compile: () => () => [] },
    now: Date.now,
    readSchema: () => ({}),
    createAsk: (version) => async (call, { reason }) => void asked.push([reason, version.length]),
  };
  const records = [];
  const guard = compose(
    [audit({ write: (record) => records.push(record.decision + ' ' + (record.code ?? '')) }), ...set.create(services), labels(flow)],
    async ({ args }) => ({ output: args.body, labels: new Set() }),
  );
  const call = (to, args, marks = []) =>
    guard({ kind: 'agent', from: 'app', to, packGuid: '', args, labels: new Set(marks), run: 'r', trail: new Trail() })
      .then(({ output }) => output, ({ code, details }) => code + ' ' + details.policy);
  return {
    results: [
      await call('mail', { to: 'a@example.com', body: 'hi' }),
      await call('mail', { to: 'a@example.com', body: 'card 4111 1111 1111 1111' }),
      await call('other', {}),
      await call('mail', { to: 'a@example.com', body: 'x' }, ['private:diary']),
    ],
    asked,
    records,
  };
}`;

const CONTENTS: { readonly [path: string]: readonly [type: string, body: string] } = {
  '/': ['text/html', '<!doctype html><script type="module" src="/page.js"></script>'],
  '/questions.js': ['text/javascript', QUESTIONS],
  '/worker.js': ['text/javascript', "import { ask } from '/questions.js';\npostMessage(await ask());"],
  '/page.js': [
    'text/javascript',
    `import { ask } from '/questions.js';
window.inPage = ask;
window.inWorker = () => new Promise((done, failed) => {
  const worker = new Worker('/worker.js', { type: 'module' });
  worker.onmessage = ({ data }) => done(data);
  worker.onerror = ({ message }) => failed(new Error(message));
});`,
  ],
};

function contentOf(path: string): readonly [string, string] | undefined {
  const known = CONTENTS[path];
  if (known !== undefined) return known;
  const file = normalize(join(packages, path));
  if (!/^\/(?:guard|contract)\/src\//.test(path) || !file.startsWith(packages) || !existsSync(file)) return undefined;
  const source = stripTypeScriptTypes(readFileSync(file, 'utf8'));
  // Import maps do not reach workers.
  return ['text/javascript', source.replaceAll("'@pypes/contract'", "'/contract/src/index.ts'")];
}

describe.skipIf(isMissing)(`in Chromium${isMissing ? ` (${executablePath} is not installed)` : ''}`, () => {
  let server: Server;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    server = await new Promise((done) => {
      const made = createServer((request, response) => {
        const content = contentOf(new URL(request.url ?? '/', 'http://x').pathname);
        response.writeHead(content === undefined ? 404 : 200, {
          'content-type': content?.[0] ?? 'text/plain',
          'content-security-policy': policy,
        });
        response.end(content?.[1] ?? '');
      });
      made.listen(0, '127.0.0.1', () => done(made));
    });
    const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];
    const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];
    browser = await chromium.launch({ executablePath, args: [...args, ...quiet] });
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => 'inWorker' in window);
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  it.each(['inPage', 'inWorker'] as const)('%s: allows, blocks, asks, follows labels, and records', async (where) => {
    const { results, asked, records } = await page.evaluate(
      (name) =>
        (
          window as unknown as Record<string, () => Promise<{ results: string[]; asked: unknown[]; records: string[] }>>
        )[name]!(),
      where,
    );
    expect(results).toEqual(['hi', 'policy_denied dlp', 'policy_denied allow', 'policy_denied labels']);
    expect(asked).toEqual([
      ['It leaves the house', 64],
      ['It leaves the house', 64],
    ]);
    expect(records).toEqual(['allow ', 'deny policy_denied', 'deny policy_denied', 'deny policy_denied']);
  });
});
