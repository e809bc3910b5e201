// Python's own network libraries in the sandbox: each request is one of context.fetch, refused or granted there.
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { type JsonObject, PypesError } from '@pypes/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestUseHandler } from '../../testing/context.ts';
import { agentFile, failureOf } from '../testing.ts';
import { describeSandbox, useSandbox } from './testing.ts';

/** A folder with packages for these tests, where the interpreter has none of them. */
const folder = process.env.PYPES_TEST_PACKAGES;
const python = process.env.PYPES_PYTHON ?? 'python3';
const has = (name: string) =>
  spawnSync(python, ['-c', `import ${name}`], { env: { ...process.env, PYTHONPATH: folder } }).status === 0;

describeSandbox('network', () => {
  const { call } = useSandbox(folder === undefined ? {} : { packages: [folder] });
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (request.url === '/missing') Object.assign(response, { statusCode: 404, statusMessage: 'Nothing here' });
    response.setHeader('x-seen', `${request.method} ${request.headers['x-test'] ?? ''}`);
    response.end(request.url === '/bytes' ? Buffer.from([0, 255, 10]) : JSON.stringify({ url: request.url, body }));
  });
  let base = '';
  const asked: JsonObject[] = [];

  beforeAll(async () => {
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    base = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  });
  afterAll(() => server.close());

  /** As the host's egress does it; every name stands for the test server. */
  const onUse: TestUseHandler = async (_operation, parameters) => {
    asked.push(parameters);
    const { hostname, pathname, search } = new URL(String(parameters.url));
    if (hostname === 'denied.example') throw new PypesError('policy_denied', 'No rule for denied.example');
    const { method, headers, text, base64 } = parameters;
    const body = typeof text === 'string' ? text : typeof base64 === 'string' ? Buffer.from(base64, 'base64') : null;
    const answer = await fetch(`${base}${pathname}${search}`, {
      method: String(method),
      headers: (headers ?? {}) as { [name: string]: string },
      body,
    });
    return {
      status: answer.status,
      status_text: answer.statusText,
      url: String(parameters.url),
      headers: [...answer.headers],
      base64: Buffer.from(await answer.arrayBuffer()).toString('base64'),
    };
  };
  const run = (body: string, head = '') => call(agentFile(body, head), {}, { onUse });

  it('goes through context.fetch', async () => {
    const body = `r = context.fetch("https://api.example/a", method="POST", headers={"x-test": "1"}, json={"n": 1})
return [r.status, r.ok, r.json(), r.headers["X-SEEN"], context.fetch("http://api.example/bytes").content == b"\\0\\xff\\n"]`;
    expect(await run(body)).toEqual([200, true, { url: '/a', body: '{"n": 1}' }, 'POST 1', true]);
  });

  it('may be awaited', async () => {
    const text =
      'AGENT = {"name": "a"}\nasync def run(context):\n    return (await context.fetch("http://a.example/")).status';
    expect(await call(text, {}, { onUse })).toBe(200);
  });

  it('goes through urllib', async () => {
    const body = `request = urllib.request.Request("https://api.example:8443/b?c=d", data=b"x=1", headers={"X-Test": "2"}, method="PUT")
with urllib.request.urlopen(request, timeout=10) as r:
    first = [r.status, json.load(r), r.headers["x-seen"]]
try:
    urllib.request.urlopen("http://api.example/missing")
except urllib.error.HTTPError as error:
    return [*first, error.code, error.reason]`;
    expect(await run(body, 'import json, urllib.error, urllib.request')).toEqual([
      ...[200, { url: '/b?c=d', body: 'x=1' }, 'PUT 2'],
      ...[404, 'Nothing here'],
    ]);
    expect(asked.at(-2)?.url).toBe('https://api.example:8443/b?c=d');
  });

  it('goes through http.client, chunked bodies and several requests too', async () => {
    const body = `c = http.client.HTTPSConnection("api.example", timeout=5)
c.request("POST", "/e", body=iter([b"ab", b"c"]), encode_chunked=True, headers={"Transfer-Encoding": "chunked"})
first = c.getresponse().read().decode()
c.request("HEAD", "/f")
second = c.getresponse()
return [first, second.status, second.read().decode()]`;
    expect(await run(body, 'import http.client')).toEqual(['{"url":"/e","body":"abc"}', 200, '']);
  });

  it.for(['requests', 'httpx'])('goes through %s', async (library, { skip }) => {
    if (!has(library)) skip(`${python} has no ${library}; PYPES_TEST_PACKAGES may name a folder that has it`);
    const body = `r = ${library}.post("https://api.example/g", json={"n": 1}, headers={"x-test": "3"})
seen = [r.status_code, r.json()["url"], r.headers["x-seen"]]
try:
    ${library}.get("http://denied.example/")
except Exception as error:
    return [*seen, "No rule" in str(error)]`;
    expect(await run(body, `import ${library}`)).toEqual([200, '/g', 'POST 3', true]);
  });

  it('says of a refusal what the host says', async () => {
    const error = await failureOf(run('urllib.request.urlopen("http://denied.example/")', 'import urllib.request'));
    expect(error.message).toMatch(/policy_denied: No rule for denied\.example/);
  });

  it.each([
    'socket.create_connection(("api.example", 25)).makefile("rwb").readline()',
    'socket.socket(socket.AF_INET, socket.SOCK_DGRAM)',
    'socket.socket(socket.AF_INET, socket.SOCK_RAW)',
    'socket.socket(socket.AF_UNIX).connect("/x")',
    'socket.socket().bind(("", 80))',
    'socket.gethostbyname("api.example")',
    'smtplib.SMTP("api.example")',
    'ftplib.FTP("api.example").login()',
  ])('has nothing else: %s fails with advice', async (line) => {
    const error = await failureOf(run(line, 'import ftplib, smtplib, socket'));
    expect(error.message).toMatch(/context\.fetch/);
  });

  it('is not there while a file is loaded', async () => {
    const head = 'import urllib.request\nurllib.request.urlopen("http://api.example/")';
    const error = await failureOf(run('return 1', head));
    expect(error).toMatchObject({ code: 'agent_broken', message: expect.stringMatching(/belongs to a call/) });
  });
});
