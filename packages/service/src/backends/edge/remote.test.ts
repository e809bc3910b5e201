// Python at the edge: it runs at another endpoint, and what it asks of its context is answered by its pack's object.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_LIMITS } from '@pypes/contract';
import { createPythonSandbox, findBubblewrap } from '@pypes/runtimes/python';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRemoteDoor, type RemoteDoor } from '../../http/remote/index.ts';
import { KEY, listen } from '../../http/remote/testing/pair.ts';
import { answering, bundle, send } from '../workers/testing/requests.ts';
import { type Edge, type EdgePlace, edgeSkipReason, packageForTests } from './testing/edge.ts';

const GUID = '3f0e7a52-6a7c-4c0e-9d3e-0a4f5b6c7d8e';
const { works, reason } = (await findBubblewrap()) as { works: boolean; reason?: string };
const skipReason = edgeSkipReason ?? (works || process.env.CI !== undefined ? undefined : `bubblewrap: ${reason}`);

const PYTHON = {
  filename: 'note.py',
  source: `AGENT = {"name": "note", "description": "Notes"}
def run(context, text):
    n = (context.memory.get("n") or 0) + 1
    context.memory.set("n", n)
    return [text, n, context.call("who", {})]
`,
};

describe.skipIf(skipReason !== undefined)(`languages of another endpoint ${skipReason ?? ''}`, () => {
  let place: EdgePlace;
  let edge: Edge;
  let door: RemoteDoor;
  let there: Awaited<ReturnType<typeof listen>>;
  const asked: string[] = [];

  beforeAll(async () => {
    place = await packageForTests();
    door = createRemoteDoor({
      key: KEY,
      runtimes: [createPythonSandbox()],
      limits: DEFAULT_LIMITS,
      fetch: (address, init) => {
        asked.push(address);
        return fetch(address, init);
      },
    });
    there = await listen(door.fetch);
    edge = await place.start({ PYPES_REMOTE_URL: there.url, PYPES_REMOTE_KEY: KEY });
  });
  afterAll(async () => {
    await place?.remove();
    await door?.close();
    await there?.close();
  });

  const deploy = (agents: readonly object[]) =>
    send(fetch, '/api/pack/deploy', { body: bundle(GUID, 'mixed', agents) }, edge.url);
  const call = (name: string, args: object = {}) =>
    send(fetch, `/api/pack/${GUID}/agent`, { body: { name, args } }, edge.url);

  it('Python runs there, with its memory and its calls here', async () => {
    expect((await deploy([PYTHON, answering('who', 'lispy')])).body).toMatchObject({ agent_count: 2 });
    for (let n = 1; n <= 3; n++)
      expect((await call('note', { text: 'hi' })).body).toEqual({ status: 'ok', output: ['hi', n, 'lispy'] });
    expect(asked.length).toBeGreaterThan(0);
    for (const address of asked) expect(address).toContain(`${edge.url}/api/remote/ask/${GUID}`);
  });

  it('components run here: that endpoint has none', async () => {
    const path = join(import.meta.dirname, '../../../../../skills/checksums/component.wasm');
    const component = { filename: 'sums.wasm', source_base64: readFileSync(path).toString('base64') };
    expect((await deploy([PYTHON, component, answering('who', 'lispy')])).body).toMatchObject({ agent_count: 3 });
    expect((await call('crc32', { data: 'MTIzNDU2Nzg5' })).body).toEqual({ status: 'ok', output: 3421780262 });
    expect((await call('note', { text: 'hi' })).status).toBe(200);
  });

  it('healthz declares what runs there', async () => {
    const { runtimes } = (await send(fetch, '/api/pack/healthz', {}, edge.url)).body;
    expect(runtimes).toEqual(['lispy', 'javascript', 'lua', 'python', 'component']);
  });

  it('nobody asks in the place of that endpoint', async () => {
    const { pathname } = new URL(asked[0] ?? '');
    for (const path of [pathname, `/api/remote/ask/${GUID}:x`]) {
      const answer = await send(fetch, path, { body: { operation: 'memory.get' } }, edge.url);
      expect([400, 401, 403, 404]).toContain(answer.status);
    }
    const nobody = `/api/remote/ask/${crypto.randomUUID()}:x`;
    expect((await send(fetch, nobody, { body: {} }, edge.url)).status).toBe(404);
    for (const path of ['/api/remote/run', '/api/remote/load', `/api/remote/ask/${GUID}`])
      expect((await send(fetch, path, { body: {} }, edge.url)).status).toBe(404);
  });

  it('while that endpoint is away, its languages fail and the others go on', async () => {
    await deploy([PYTHON, answering('who', 'lispy')]);
    await there.close();
    expect((await call('note', { text: 'hi' })).status).toBeGreaterThanOrEqual(500);
    expect((await call('who')).body).toMatchObject({ output: 'lispy' });
  });
});
