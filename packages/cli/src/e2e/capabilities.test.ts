// The same agent in five languages, trusted and sandboxed, over HTTP: what is granted works, what is not does nothing.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALL_IN_ONE, TYPESCRIPT } from './capabilities.fixtures.ts';
import { PYPES } from './command.ts';
import { newFolder, noPython, noSandbox, type Server, startServer, stopServers } from './server.ts';

const SECRET = 'tr0ub4dor&3-planted';
const USER = '00000000-0000-4000-8000-0000000000aa';
const LANGUAGES = { ...ALL_IN_ONE, typescript: TYPESCRIPT };

const folders = Object.fromEntries(Object.keys(LANGUAGES).map((language) => [language, join(newFolder(), language)]));

let server: Server;
let site: HttpServer;
let url = '';
const requests: { readonly authorization: string | undefined; readonly body: string }[] = [];

const pypes = (args: readonly string[], input = '') =>
  spawnSync(process.execPath, [PYPES, ...args, '--root', server.root], { encoding: 'utf8', input });

beforeAll(async () => {
  site = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    requests.push({ authorization: request.headers.authorization, body });
    response.end(`pong ${body}`);
  });
  await new Promise<void>((listening) => site.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(site.address() as AddressInfo).port}/`;
  for (const [language, files] of Object.entries(LANGUAGES)) {
    mkdirSync(folders[language] as string, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folders[language] as string, name), text);
  }
  server = await startServer({}, { args: Object.values(folders) });
  expect(pypes(['vault', 'init']).stderr).toBe('');
  expect(pypes(['vault', 'set', 'KEY'], SECRET).status).toBe(0);
});

afterAll(async () => {
  await stopServers();
  site.close();
});

/** Everything that a person could read afterwards. */
function written(): string {
  const audit = readFileSync(join(server.root, 'audit', '000001.jsonl'), 'utf8');
  return JSON.stringify(server.logs) + audit + readFileSync(join(server.root, 'vault', 'usage.jsonl'), 'utf8');
}

describe.each(Object.entries(LANGUAGES))('%s', (language, files) => {
  const isPython = language === 'python';

  it.skipIf(isPython && noPython !== undefined)('trusted: does all of it once it is granted', async () => {
    const pack = language;
    const denied = await server.call(pack, 'all', { url });
    expect([denied.status, denied.body.code]).toEqual([500, 'handler_failed']);
    expect(String(denied.body.message)).toMatch(/not granted context\.vault\.get/);
    expect(pypes(['grant', folders[language] as string, `network=${new URL(url).host}`, 'vault=KEY']).status).toBe(0);
    await expectAll(pack);
  });

  it.skipIf(isPython && noSandbox !== undefined)('sandboxed: does all of it once it is granted', async () => {
    const { body } = await server.deploy(files, { name: `deployed ${language}` });
    const pack = String(body.pack_guid);
    const health = await server.get(`/api/pack/${pack}/healthz`);
    expect(health.body).toMatchObject({ trust: 'sandboxed', agents: ['all', 'double'] });
    const denied = await server.call(pack, 'all', { url });
    expect(String(denied.body.message)).toMatch(/not granted context/);
    const granted = pypes(['grant', pack, `network=${new URL(url).host}`, 'vault=KEY', 'objects=read-write']);
    expect([granted.status, granted.stderr]).toEqual([0, '']);
    await expectAll(pack);
    // Other content under the same guid has not been granted anything.
    const [first = '', ...rest] = Object.entries(files).map(([name]) => name);
    const changed = { [first]: `${files[first]}\n\n`, [rest[0] as string]: files[rest[0] as string] as string };
    await server.deploy(changed, { name: `deployed ${language}`, pack_guid: pack });
    const after = await server.call(pack, 'all', { url });
    expect(String(after.body.message)).toMatch(/not granted context/);
    const suspended = await server.get(`/api/pack/${pack}/healthz`);
    expect(suspended.body).toMatchObject({ grant_suspended: true });
  });
});

async function expectAll(pack: string): Promise<void> {
  const before = requests.length;
  const first = await server.call(pack, 'all', { url }, { user_guid: USER });
  const visits = Number((first.body.output as { visits?: number } | undefined)?.visits);
  expect(first.body).toMatchObject({
    status: 'ok',
    output: { status: 200, text: 'pong ping', twice: visits * 2, user: USER },
  });
  const second = await server.call(pack, 'all', { url }, { user_guid: USER });
  expect(second.body).toMatchObject({ output: { visits: visits + 1 } });
  expect(requests.slice(before)).toEqual([
    { authorization: `Bearer ${SECRET}`, body: 'ping' },
    { authorization: `Bearer ${SECRET}`, body: 'ping' },
  ]);
  expect(JSON.stringify([first, second]) + written()).not.toContain(SECRET);
  const logged = server.logs.filter(({ event, agent }) => event === 'agent.log' && agent === 'all');
  expect(logged.at(-1)).toMatchObject({ message: 'fetching', data: { visits: visits + 1 } });
}
