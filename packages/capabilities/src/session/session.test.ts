// Working sessions on this machine: files that never leave their folder, a page whose every request passes the rules.
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type JsonObject, parseNetworkRule } from '@pypes/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSite, type Site } from '../egress/testing/site.ts';
import { createSessionProvider, findChromium } from './index.ts';

const root = mkdtempSync(join(tmpdir(), 'pypes-session-'));
const provider = createSessionProvider({ root });
const signal = new AbortController().signal;
const own = join(root, String(process.pid));
afterAll(async () => {
  await provider.close();
  rmSync(root, { recursive: true, force: true });
});

const open = (rules: readonly string[] = [], maxBytes = 1_000) =>
  provider.open({ scope: { packGuid: 'p' }, runId: 'r', rules: rules.map(parseNetworkRule), maxBytes });

describe('files', () => {
  it('are written, read, listed and deleted, as texts or bytes', async () => {
    const session = await open();
    const use = (operation: string, parameters: JsonObject) => session.perform(operation, parameters, signal);
    await use('write', { path: 'notes/a.txt', text: 'hé' });
    await use('write', { path: 'b.bin', base64: '/w==' });
    expect(await use('read', { path: 'notes/a.txt' })).toEqual({ text: 'hé' });
    expect(await use('read', { path: './b.bin' })).toEqual({ base64: '/w==' });
    expect(await use('list', {})).toEqual([
      { path: 'b.bin', size: 1, folder: false },
      { path: 'notes', size: 0, folder: true },
    ]);
    expect(await use('list', { path: 'notes' })).toEqual([{ path: 'notes/a.txt', size: 3, folder: false }]);
    expect(await use('delete', { path: 'notes' })).toBe(true);
    expect(await use('delete', { path: 'notes' })).toBe(false);
    await expect(use('read', { path: 'notes/a.txt' })).rejects.toMatchObject({ code: 'not_found' });
    await session.close();
    expect(readdirSync(own)).toEqual([]);
  });

  it.each(['../x', '/etc/passwd', 'a/../../x', '..', 'a\\b', 'a\0b', 'x'.repeat(300), 'a/'.repeat(40), ''])(
    'a path like %j never leaves the folder',
    async (path) => {
      const session = await open();
      for (const operation of ['read', 'write', 'delete']) {
        const use = session.perform(operation, { path, text: 'x' }, signal);
        await expect(use).rejects.toMatchObject({ code: 'invalid_input' });
      }
      await session.close();
    },
  );

  it('a link that is there anyway is not followed', async () => {
    const session = await open();
    await session.perform('write', { path: 'a.txt', text: 'a' }, signal);
    const [folder = ''] = readdirSync(own);
    writeFileSync(join(root, 'secret'), 'secret');
    symlinkSync(join(root, 'secret'), join(own, folder, 'link'));
    symlinkSync(root, join(own, folder, 'out'));
    for (const path of ['link', 'out/secret']) {
      await expect(session.perform('read', { path }, signal)).rejects.toMatchObject({ code: 'invalid_input' });
      await expect(session.perform('write', { path, text: 'x' }, signal)).rejects.toMatchObject({
        code: 'invalid_input',
      });
    }
    await session.close();
  });

  it('have a limit, seen from both sides, also by two writers at once', async () => {
    const session = await open([], 100);
    const write = (path: string, n: number) => session.perform('write', { path, text: 'x'.repeat(n) }, signal);
    await write('a', 100);
    await expect(write('b', 1)).rejects.toMatchObject({
      code: 'resource_exhausted',
      details: { limit: 'session_bytes' },
    });
    await write('a', 50);
    const both = await Promise.allSettled([write('b', 40), write('c', 40)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await session.close();
  });
});

const noChromium =
  findChromium() === undefined && process.env.CI === undefined ? 'Chromium is not installed' : undefined;

describe.skipIf(noChromium !== undefined)(`a page${noChromium === undefined ? '' : ` (${noChromium})`}`, () => {
  let site: Site;
  let secret: Site;
  beforeAll(async () => {
    secret = await openSite((_request, response) => response.end('secret'));
    site = await openSite((request, response) => {
      response.setHeader('content-type', 'text/html');
      if (request.url === '/away') response.writeHead(302, { location: secret.url }).end();
      else if (request.url === '/attack') response.end(ATTACK.replaceAll('SECRET', secret.url));
      else if (request.url === '/next')
        response.end(
          '<title>Next</title><p id="said"></p><script>said.innerText = location.hash || "no hash"</script>',
        );
      else
        response.end(
          '<title>Home</title><h1>Hello</h1><input id="name"><a id="go" href="/next">next</a><div id="echo"></div><script>name.oninput = () => { echo.innerText = name.value }; document.querySelector("#name").addEventListener("input", (e) => { echo.innerText = e.target.value })</script>',
        );
    });
  });
  afterAll(async () => {
    await Promise.all([site.close(), secret.close()]);
  });

  it('goes, reads, fills, clicks and takes pictures', async () => {
    const session = await open([`127.0.0.1:${site.port}`]);
    const use = (operation: string, parameters: JsonObject = {}) => session.perform(operation, parameters, signal);
    expect(await use('goto', { url: `${site.url}/` })).toMatchObject({ title: 'Home', status: 200 });
    expect(await use('text', { selector: 'h1' })).toBe('Hello');
    await use('fill', { selector: '#name', value: 'Ann' });
    expect(await use('text', { selector: '#echo' })).toBe('Ann');
    const picture = await session.screenshot({}, signal);
    expect(Buffer.from(picture.subarray(1, 4)).toString()).toBe('PNG');
    await use('click', { selector: '#go' });
    expect(await use('text')).toMatch(/no hash/);
    await session.close();
  }, 60_000);

  it.each([
    'file:///etc/passwd',
    'chrome://version',
    'data:text/html,x',
    'javascript:1',
    'view-source:http://x',
    'about:blank',
  ])('does not go to %s', async (url) => {
    const session = await open(['*:*']);
    await expect(session.perform('goto', { url }, signal)).rejects.toMatchObject({ code: 'policy_denied' });
    await session.close();
  });

  it('reaches nothing that no rule includes: by address, redirect, script, frame, picture, socket', async () => {
    const session = await open([`127.0.0.1:${site.port}`]);
    const go = (url: string) => session.perform('goto', { url }, signal).catch((error: unknown) => error);
    await go(`${secret.url}/`);
    await go(`${site.url}/away`);
    await go(`http://localhost:${secret.port}/`);
    await go(`http://[::1]:${secret.port}/`);
    await go(`${site.url}/attack`);
    await new Promise((done) => setTimeout(done, 1_000));
    expect(secret.connections()).toBe(0);
    expect(site.requests).toContain('GET /attack');
    await session.close();
  }, 60_000);

  it('is another one in each session, and ends with its call', async () => {
    const [one, two] = [await open([`127.0.0.1:${site.port}`]), await open([])];
    await one.perform('goto', { url: `${site.url}/` }, signal);
    await two.perform('goto', { url: `${site.url}/two` }, signal).catch(() => undefined);
    expect(site.requests).not.toContain('GET /two');
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('over')), 200);
    const waiting = one.perform('click', { selector: '#never' }, controller.signal);
    await expect(waiting).rejects.toThrow('over');
    expect(await one.perform('goto', { url: `${site.url}/` }, signal)).toMatchObject({ status: 200 });
    await Promise.all([one.close(), two.close()]);
  }, 60_000);
});

const ATTACK = `<img src="SECRET/img"><iframe src="SECRET/frame"></iframe><link rel="prefetch" href="SECRET/prefetch">
<link rel="dns-prefetch" href="SECRET"><link rel="preconnect" href="SECRET"><form id="f" action="SECRET/form" method="post" target="x"></form>
<script>
fetch('SECRET/fetch').catch(() => {}); fetch('SECRET/nocors', { mode: 'no-cors' }).catch(() => {});
navigator.sendBeacon('SECRET/beacon'); new EventSource('SECRET/events'); window.open('SECRET/open'); f.submit();
try { new WebSocket('SECRET/ws'.replace('http', 'ws')) } catch {}
new Worker(URL.createObjectURL(new Blob(["fetch('SECRET/worker')"])));
const peer = new RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.1:' + new URL('SECRET').port }] });
peer.createDataChannel('x'); peer.createOffer().then((offer) => peer.setLocalDescription(offer));
</script>`;
