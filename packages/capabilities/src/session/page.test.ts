// A real page: what an agent does with it, what it says when it cannot, and how it ends.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSite, type Site } from '../egress/testing/site.ts';
import { createSessionProvider } from './index.ts';
import { noChromium, openSessions, signal } from './testing/open-sessions.ts';
import { isRunning, processesBelow } from './testing/processes.ts';

const HOME = `<title>Home</title><h1>Hello</h1><input id="name"><a id="go" href="/next">next</a><p id="echo"></p>
<script>document.querySelector('#name').addEventListener('input', (e) => { echo.innerText = e.target.value })</script>`;
const PAGES: { readonly [path: string]: string } = {
  '/': HOME,
  '/next': '<title>Next</title><p id="said"></p><script>said.innerText = "hash " + location.hash</script>',
  '/dialogs': '<script>alert(1); confirm(2); prompt(3); onbeforeunload = () => "stay"</script><p>after</p>',
  '/busy': '<button onclick="while (true);">busy</button>',
  '/popups': '<p>popups</p><script>for (let n = 0; n < 20; n++) window.open("/next?popup")</script>',
  // Written out for the browser's own pipe, one of these characters takes six.
  '/tells': '<p>tells</p><script>console.log("\\u0001".repeat(100e6))</script>',
  '/long': `<div style="height:5000px">long</div><p id="box">box</p>`,
  '/cookie':
    '<p></p><script>document.cookie ||= "a=1"; localStorage.a ??= "1"; document.querySelector("p").innerText = "set"</script>',
  '/seen':
    '<p></p><script>document.querySelector("p").innerText = "saw " + document.cookie + localStorage.getItem("a")</script>',
};

it('a machine without Chromium says how to get it', async () => {
  const sessions = openSessions();
  const without = createSessionProvider({ root: sessions.root, chromium: { path: '/none', sandboxed: false } });
  const session = await without.open({ scope: { packGuid: 'p' }, runId: 'r', rules: [], maxBytes: 10 });
  await expect(session.perform('goto', { url: 'http://example.com' }, signal)).rejects.toMatchObject({
    code: 'unavailable',
  });
  await without.close();
  await sessions.close();
});

describe.skipIf(noChromium !== undefined)(`a page${noChromium === undefined ? '' : ` (${noChromium})`}`, () => {
  const sessions = openSessions();
  const impatient = openSessions({ operationMs: 4_000, browserIdleMs: 100 });
  let site: Site;
  let rules: readonly string[];
  beforeAll(async () => {
    site = await openSite((request, response) => {
      const path = (request.url ?? '').split('?')[0] ?? '';
      const page = PAGES[path];
      if (path === '/silent') return;
      if (path === '/file') {
        response.writeHead(200, { 'content-disposition': 'attachment; filename="x.bin"' }).end('bytes');
      } else {
        response.writeHead(page === undefined ? 404 : 200, { 'content-type': 'text/html; charset=utf-8' });
        response.end(page ?? 'none');
      }
    });
    rules = [`127.0.0.1:${site.port}`];
  });
  afterAll(async () => {
    await Promise.all([sessions.close(), impatient.close()]);
    await site.close();
  });

  /** A busy machine may need longer to start a browser than this session has for anything. */
  const opens = (session: Awaited<ReturnType<typeof impatient.open>>, path: string) =>
    session.use('goto', { url: `${site.url}${path}` }).then(Boolean, () => false);

  it('goes, reads, fills, clicks and takes pictures', async () => {
    const session = await sessions.open(rules);
    expect(await session.use('text')).toBe('');
    expect(await session.use('goto', { url: `${site.url}/` })).toEqual({
      url: `${site.url}/`,
      title: 'Home',
      status: 200,
    });
    expect(await session.use('text', { selector: 'h1' })).toBe('Hello');
    await session.use('fill', { selector: '#name', value: 'Ann' });
    expect(await session.use('text', { selector: '#echo' })).toBe('Ann');
    await session.use('click', { selector: '#go' });
    expect(await session.use('text', { selector: '#said' })).toBe('hash');
    await session.use('goto', { url: `${site.url}/` });
    expect(await session.use('goto', { url: `${site.url}/next#here` })).toMatchObject({ title: 'Next' });
    expect(await session.use('text')).toBe('hash #here');
    expect(await session.use('goto', { url: `${site.url}/none` })).toMatchObject({ status: 404 });
    await session.close();
  });

  it('takes PNG pictures: of what is seen, of all, of a part', async () => {
    const session = await sessions.open(rules);
    await session.use('goto', { url: `${site.url}/long` });
    const sizeOf = async (parameters: { [name: string]: string | boolean }) => {
      const png = Buffer.from(await session.screenshot(parameters, signal));
      expect(png.subarray(1, 4).toString()).toBe('PNG');
      return png.readUInt32BE(20);
    };
    const [seen, all, part] = [await sizeOf({}), await sizeOf({ full_page: true }), await sizeOf({ selector: '#box' })];
    expect(all).toBeGreaterThan(5_000);
    expect(part).toBeLessThan(seen);
    await session.close();
  });

  it('says what is wrong with what it was given', async () => {
    const session = await impatient.open(rules);
    await expect.poll(() => opens(session, '/'), { timeout: 60_000 }).toBe(true);
    for (const [operation, parameters] of [
      ['goto', {}],
      ['goto', { url: 'no url' }],
      ['click', {}],
      ['click', { selector: '##' }],
      ['fill', { selector: '#name' }],
      ['text', { selector: 1 }],
    ] as const) {
      await expect(session.use(operation, parameters)).rejects.toMatchObject({ code: 'invalid_input' });
    }
    await expect(session.use('evaluate')).rejects.toMatchObject({ code: 'unsupported' });
    await expect(session.use('toString')).rejects.toMatchObject({ code: 'unsupported' });
    await expect(session.use('click', { selector: '#never' })).rejects.toMatchObject({ code: 'timeout' });
    await session.close();
  });

  it.each([
    'file:///etc/passwd',
    'chrome://version',
    'data:text/html,x',
    'javascript:1',
    'view-source:http://x',
    'about:blank',
    'http://a:b@127.0.0.1/',
  ])('does not go to %s', async (url) => {
    const session = await sessions.open(['*:*']);
    await expect(session.use('goto', { url })).rejects.toMatchObject({ code: 'policy_denied' });
    await session.close();
  });

  it('tells a refusal from a site that is not there, and from what a site says', async () => {
    const session = await sessions.open([...rules, '127.0.0.1:1', 'gone.example'], 10);
    const code = (url: string) =>
      session.use('goto', { url }).then(
        (went) => (went as { readonly status: number }).status,
        (error: { code?: string }) => error.code,
      );
    expect(await code('http://example.com/')).toBe('policy_denied');
    expect(await code('https://example.com/')).toBe('policy_denied');
    expect(await code('http://127.0.0.1:1/')).toBe('unavailable');
    expect(await code(`${site.url}/none`)).toBe(404);
    await session.close();
  });

  it('is asked nothing by dialogs, and takes no downloads', async () => {
    const session = await sessions.open(rules);
    await session.use('goto', { url: `${site.url}/dialogs` });
    expect(await session.use('text')).toBe('after');
    await session.use('goto', { url: `${site.url}/` });
    await expect(session.use('goto', { url: `${site.url}/file` })).rejects.toMatchObject({ code: 'policy_denied' });
    await session.close();
  });

  it('opens a few other pages, not any number', async () => {
    const session = await sessions.open(rules);
    await session.use('goto', { url: `${site.url}/popups` });
    await new Promise((done) => setTimeout(done, 500));
    expect(await session.use('text')).toBe('popups');
    await session.close();
    expect(site.requests.filter((request) => request.includes('?popup')).length).toBeLessThan(20);
  });

  it('shares no cookies and no storage with another session', async () => {
    const [one, two] = [await sessions.open(rules), await sessions.open(rules)];
    await one.use('goto', { url: `${site.url}/cookie` });
    await one.use('goto', { url: `${site.url}/seen` });
    expect(await one.use('text')).toBe('saw a=11');
    await two.use('goto', { url: `${site.url}/seen` });
    expect(await two.use('text')).toBe('saw null');
    await Promise.all([one.close(), two.close()]);
  });

  it('ends an operation with its caller, and goes on afterwards', async () => {
    const session = await sessions.open(rules);
    await session.use('goto', { url: `${site.url}/` });
    for (const [operation, parameters] of [
      ['click', { selector: '#never' }],
      ['goto', { url: `${site.url}/silent` }],
    ] as const) {
      const controller = new AbortController();
      setTimeout(() => controller.abort(new Error('over')), 200);
      const waiting = session.perform(operation, parameters, controller.signal);
      await expect(waiting).rejects.toMatchObject({ code: 'canceled' });
    }
    expect(await session.use('goto', { url: `${site.url}/` })).toMatchObject({ status: 200 });
    await session.close();
  });

  it('that is busy forever runs into the limit, and the next goto works', async () => {
    const session = await impatient.open(rules);
    await expect.poll(() => opens(session, '/busy'), { timeout: 60_000 }).toBe(true);
    const renderers = processesBelow(process.pid).filter(({ command }) => command.includes('--type=renderer'));
    await expect(session.use('click', { selector: 'button' })).rejects.toMatchObject({ code: 'timeout' });
    await expect.poll(() => renderers.every(isRunning), { timeout: 10_000 }).toBe(false);
    expect(await session.use('text')).toBe('');
    expect(await session.use('goto', { url: `${site.url}/next` })).toMatchObject({ status: 200 });
    await session.close();
  });

  it('that crashed says so, and the next goto works', async () => {
    const session = await sessions.open(rules);
    await session.use('goto', { url: `${site.url}/` });
    const waiting = session.use('click', { selector: '#never' });
    let settled = false;
    const over = () => {
      settled = true;
    };
    waiting.then(over, over);
    // A busy machine may still be starting the process that the page lives in.
    while (!settled) {
      await new Promise((done) => setTimeout(done, 300));
      for (const { pid, command } of processesBelow(process.pid)) {
        if (command.includes('--type=renderer')) killIfThere(pid);
      }
    }
    await expect(waiting).rejects.toMatchObject({ code: 'handler_failed' });
    expect(await session.use('goto', { url: `${site.url}/` })).toMatchObject({ status: 200 });
    await session.close();
  });

  it('survives the end of the browser: the next goto starts another', async () => {
    const session = await sessions.open(rules);
    await session.use('goto', { url: `${site.url}/` });
    for (const { pid, command } of processesBelow(process.pid)) {
      if (command.includes('--remote-debugging-pipe') && !command.includes('--type=')) process.kill(pid, 'SIGKILL');
    }
    await expect
      .poll(() => session.use('goto', { url: `${site.url}/` }).catch(() => undefined), { timeout: 20_000 })
      .toMatchObject({ status: 200 });
    await session.close();
  });

  it('that tells too much at once ends the browser, and nothing else', async () => {
    const browsers = () =>
      processesBelow(process.pid).flatMap(({ pid, command }) =>
        command.includes('--remote-debugging-pipe') && !command.includes('--type=') ? [pid] : [],
      );
    const session = await sessions.open(rules);
    await session.use('goto', { url: `${site.url}/` });
    const before = browsers();
    expect(before.length).toBeGreaterThan(0);
    await session.use('goto', { url: `${site.url}/tells` }).catch(() => undefined);
    await expect.poll(() => before.filter((pid) => browsers().includes(pid)).length, { timeout: 30_000 }).toBe(0);
    await expect
      .poll(() => session.use('goto', { url: `${site.url}/next` }).catch(() => undefined), { timeout: 20_000 })
      .toMatchObject({ title: 'Next' });
    await session.close();
  });

  it('leaves no process behind', async () => {
    const own = openSessions({ browserIdleMs: 50 });
    const before = new Set(processesBelow(process.pid).map(({ pid }) => pid));
    const session = await own.open(rules);
    await session.use('goto', { url: `${site.url}/` });
    const started = processesBelow(process.pid).filter(({ pid }) => !before.has(pid));
    expect(started.length).toBeGreaterThan(0);
    await session.close();
    await expect.poll(() => started.filter(isRunning), { timeout: 15_000 }).toEqual([]);
    await expect(session.use('goto', { url: `${site.url}/` })).rejects.toMatchObject({ code: 'canceled' });
    await own.close();
  });
});

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
