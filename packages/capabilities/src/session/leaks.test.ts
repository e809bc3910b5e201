// What a page tries in order to reach what no rule includes: servers record who connected, and nobody did.
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openSite, type Site } from '../egress/testing/site.ts';
import { noChromium, openSessions, type TestSession } from './testing/open-sessions.ts';

describe.skipIf(noChromium !== undefined)(`a page${noChromium === undefined ? '' : ` (${noChromium})`}`, () => {
  const names: string[] = [];
  const sessions = openSessions({
    resolve: async (host) => {
      names.push(host);
      return host === 'granted.example' ? ['127.0.0.1'] : ['10.0.0.1'];
    },
  });
  const datagrams: string[] = [];
  const udp = createSocket('udp4', (message) => datagrams.push(message.toString('hex')));
  let tcpConnections = 0;
  const stun = createServer((socket) => {
    tcpConnections += 1;
    socket.destroy();
  });
  let site: Site;
  let secret: Site;
  let session: TestSession;
  let page = '';

  beforeAll(async () => {
    await new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', resolve));
    await new Promise<void>((resolve) => stun.listen(udp.address().port, '127.0.0.1', resolve));
    secret = await openSite((_request, response) =>
      response.setHeader('access-control-allow-origin', '*').end('secret'),
    );
    site = await openSite((request, response) => {
      const [, status, to = ''] = /^\/to\/(\d+)\/(.*)$/.exec(request.url ?? '') ?? [];
      response.setHeader('content-type', request.url === '/worker.js' ? 'text/javascript' : 'text/html');
      if (status !== undefined) response.writeHead(Number(status), { location: decodeURIComponent(to) }).end();
      else if (request.url === '/worker.js') response.end(`fetch('${secret.url}/sw').catch(() => {})`);
      else if (request.url === '/favicon.ico') response.end();
      else response.end(page);
    });
    session = await sessions.open([`127.0.0.1:${site.port}`, `private:granted.example:${site.port}`]);
  });
  beforeEach(() => {
    page = '<p>home</p>';
  });
  afterAll(async () => {
    await session.close();
    await sessions.close();
    await Promise.all([site.close(), secret.close()]);
    udp.close();
    stun.close();
  });

  /** Shows the page, and gives what it starts the time to arrive. */
  async function show(html: string): Promise<void> {
    page = `${html}<p>shown</p>`;
    await session.use('goto', { url: `${site.url}/page` });
    await new Promise((done) => setTimeout(done, 400));
    expect(secret.connections()).toBe(0);
  }

  /** What a script of the page resolves to. */
  async function says(script: string): Promise<string> {
    page = `<p id="said"></p><script type="module">
      const said = await Promise.race([(async () => { ${script} })(), new Promise((done) => setTimeout(done, 3000, 'nothing'))])
        .catch((error) => 'refused ' + error.name);
      document.querySelector('#said').textContent = said; document.body.insertAdjacentHTML('beforeend', '<i id="done">x</i>');
    </script>`;
    await session.use('goto', { url: `${site.url}/page` });
    await session.use('text', { selector: '#done' });
    return String(await session.use('text', { selector: '#said' }));
  }

  it('reaches what is granted by the very same attempts: they are real ones', async () => {
    const granted = await openSite((_request, response) =>
      response.setHeader('access-control-allow-origin', '*').end(),
    );
    const other = await sessions.open([`127.0.0.1:${site.port}`, `127.0.0.1:${granted.port}`]);
    page = elementsTo(granted.url) + scriptsTo(granted.url, site.url);
    await other.use('goto', { url: `${site.url}/page` });
    const reached = () => new Set(granted.requests.map((request) => request.split(' ')[1]));
    const expected =
      'img frame srcdoc data object embed video script css prefetch preload form background fetch nocors keep redirect beacon events xhr worker import image';
    for (const name of expected.split(' '))
      await expect.poll(() => [...reached()], { timeout: 5_000 }).toContain(`/${name}`);
    await other.close();
    await granted.close();
  });

  it('can be sent anywhere else by none of its addresses', async () => {
    for (const host of [
      '127.0.0.1',
      'localhost',
      '[::1]',
      '127.1',
      '2130706433',
      '0.0.0.0',
      '[::ffff:127.0.0.1]',
      'x.localhost',
    ]) {
      const going = session.use('goto', { url: `http://${host}:${secret.port}/` });
      await expect(going).rejects.toMatchObject({ code: 'policy_denied' });
    }
    expect(secret.connections()).toBe(0);
  });

  it.each([301, 302, 303, 307, 308])('cannot be redirected by %d', async (status) => {
    const to = encodeURIComponent(`${secret.url}/redirected`);
    await expect(session.use('goto', { url: `${site.url}/to/${status}/${to}` })).rejects.toMatchObject({
      code: 'policy_denied',
    });
    expect(secret.connections()).toBe(0);
  });

  it.each(['file:///etc/passwd', 'data:text/html,x', 'chrome://version', 'ftp://127.0.0.1/', 'view-source:http://x/'])(
    'cannot be redirected to %s',
    async (to) => {
      const going = session.use('goto', { url: `${site.url}/to/302/${encodeURIComponent(to)}` });
      await expect(going).rejects.toMatchObject({ code: expect.stringMatching(/policy_denied|unavailable/) });
      expect(await session.use('text')).toBe('');
    },
  );

  it('can by none of its elements', async () => {
    await show(elementsTo(secret.url));
  });

  it('can by none of its scripts', async () => {
    await show(scriptsTo(secret.url, site.url));
  });

  it('can by none of its ways through a granted host’s WebSocket or an upper-case scheme', async () => {
    expect(
      await says(
        `const s = new WebSocket('ws://127.0.0.1:${secret.port}'); return new Promise((r) => { s.onerror = () => r('error'); s.onopen = () => r('open') })`,
      ),
    ).toBe('error');
    expect(await says(`return (await fetch('HTTP://LOCALHOST:${secret.port}')).status + ''`)).toMatch(/refused|403/);
    expect(secret.connections()).toBe(0);
  });

  it('cannot by WebRTC', async () => {
    const { port } = udp.address();
    const found = await says(`
      const peer = new RTCPeerConnection({ iceServers: [{ urls: ['stun:127.0.0.1:${port}', 'stun:localhost:${port}'] },
        { urls: ['turn:127.0.0.1:${port}?transport=udp', 'turn:127.0.0.1:${port}?transport=tcp'], username: 'u', credential: 'c' }] });
      const candidates = [];
      peer.onicecandidate = ({ candidate }) => candidate && candidates.push(candidate.candidate);
      peer.createDataChannel('x');
      await peer.setLocalDescription(await peer.createOffer());
      await new Promise((done) => setTimeout(done, 2000));
      return 'candidates ' + candidates.join('|')`);
    expect(found).toMatch(/^candidates *$/);
    expect(datagrams).toEqual([]);
    expect(tcpConnections).toBe(0);
  });

  it('looks up no name that no rule includes', async () => {
    names.length = 0;
    await show(
      '<img src="http://leak-secret.example/"><link rel="dns-prefetch" href="//leak-dns.example"><link rel="preconnect" href="https://leak-pre.example">',
    );
    expect(names).toEqual([]);
    expect(await session.use('goto', { url: `http://granted.example:${site.port}/` })).toMatchObject({ status: 200 });
    expect(names).toContain('granted.example');
  });

  it('reads no files', async () => {
    expect(await says(`return (await fetch('file:///etc/passwd')).text()`)).toMatch(/refused/);
    expect(
      await says(
        `location.href = 'file:///etc/passwd'; await new Promise((done) => setTimeout(done, 300)); return 'still here'`,
      ),
    ).toBe('still here');
    expect(
      await says(
        `const f = document.body.appendChild(document.createElement('iframe')); f.src = 'file:///etc/passwd'; await new Promise((done) => setTimeout(done, 300)); return 'text ' + (f.contentDocument?.body.innerText ?? '')`,
      ),
    ).toMatch(/^text *$/);
  });

  it('is given no place, no clipboard, no camera, no service worker', async () => {
    expect(
      await says(
        `return new Promise((r) => navigator.geolocation.getCurrentPosition(() => r('place'), (e) => r('error ' + e.code)))`,
      ),
    ).toBe('error 1');
    expect(await says(`return navigator.clipboard.readText()`)).toMatch(/refused/);
    expect(await says(`await navigator.mediaDevices.getUserMedia({ video: true }); return 'camera'`)).toMatch(
      /refused/,
    );
    expect(await says(`return Notification.requestPermission()`)).toBe('denied');
    expect(
      await says(
        `const r = await navigator.serviceWorker.register('/worker.js'); return 'worker ' + (r?.active ?? 'none')`,
      ),
    ).toMatch(/refused|none|nothing/);
    expect(secret.connections()).toBe(0);
  });

  it('cannot use the proxy of another session', async () => {
    const other = await sessions.open([]);
    await expect(other.use('goto', { url: `${site.url}/page` })).rejects.toMatchObject({ code: 'policy_denied' });
    await session.use('goto', { url: `${site.url}/page` });
    await expect(other.use('goto', { url: `${site.url}/page` })).rejects.toMatchObject({ code: 'policy_denied' });
    await other.close();
  });
});

/** Whatever HTML loads by itself. */
function elementsTo(url: string): string {
  return `
      <img src="${url}/img"><iframe src="${url}/frame"></iframe><iframe src="file:///etc/passwd"></iframe>
      <iframe srcdoc="<img src='${url}/srcdoc'>"></iframe><iframe src="data:text/html,<img src='${url}/data'>"></iframe>
      <object data="${url}/object"></object><embed src="${url}/embed"><video src="${url}/video" autoplay></video>
      <audio src="${url}/audio" autoplay></audio><script src="${url}/script"></script><link rel="stylesheet" href="${url}/css">
      <link rel="prefetch" href="${url}/prefetch"><link rel="preload" as="fetch" href="${url}/preload">
      <link rel="preconnect" href="${url}"><link rel="dns-prefetch" href="${url}"><link rel="prerender" href="${url}/pre">
      <link rel="manifest" href="${url}/manifest"><link rel="icon" href="${url}/icon"><link rel="modulepreload" href="${url}/m">
      <a id="ping" href="#" ping="${url}/ping">ping</a><iframe name="other"></iframe><form id="form" action="${url}/form" method="post" target="other"></form>
      <style>@import "${url}/import"; body { background: url(${url}/background) } @font-face { font-family: x; src: url(${url}/font) } p { font-family: x }</style>
      <script type="speculationrules">{"prerender": [{"urls": ["${url}/speculation"]}]}</script>
      <script>form.submit(); ping.click()</script>`;
}

/** Whatever a script can ask for. */
function scriptsTo(url: string, home: string): string {
  const ws = url.replace('http', 'ws');
  return `<script>
      const tries = [
        () => fetch('${url}/fetch'), () => fetch('${url}/nocors', { mode: 'no-cors' }),
        () => fetch('${url}/keep', { method: 'POST', body: 'x', keepalive: true }), () => fetch('${home}/to/307/' + encodeURIComponent('${url}/redirect')),
        () => navigator.sendBeacon('${url}/beacon', 'x'), () => new EventSource('${url}/events'), () => new WebSocket('${ws}/ws'),
        () => new WebSocket('${ws.replace('127.0.0.1', 'localhost')}/ws'), () => { const x = new XMLHttpRequest(); x.open('GET', '${url}/xhr', false); x.send() },
        () => import('${url}/import'), () => new Worker(URL.createObjectURL(new Blob(["fetch('${url}/worker')"]))),
        () => new SharedWorker(URL.createObjectURL(new Blob(["fetch('${url}/shared')"]))), () => navigator.serviceWorker.register('/worker.js'),
        () => window.open('${url}/open'), () => window.open('file:///etc/passwd'), () => { frames[0].location = '${url}/frame' },
        () => new WebTransport('${url.replace('http', 'https')}/'), () => { new Image().src = '${url}/image' },
        () => CSS.paintWorklet?.addModule('${url}/worklet'), () => new PresentationRequest('${url}/present').start(),
      ];
      for (const attempt of tries) { try { attempt()?.catch?.(() => {}) } catch {} }
    </script>`;
}
