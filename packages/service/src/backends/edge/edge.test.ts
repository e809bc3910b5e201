// The packaged Worker in raw workerd: what it keeps when it is killed, what a deploy replaces, what ends a call and nothing else.
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answering, bundle, COUNTING, type Sent, send } from '../workers/testing/requests.ts';
import { type Edge, type EdgePlace, edgeSkipReason, packageForTests } from './testing/edge.ts';

const GUID = '3f0e7a52-6a7c-4c0e-9d3e-0a4f5b6c7d8e';
const TOKEN = 'the-token-of-the-operator';
const USER = '11111111-1111-4111-8111-111111111111';

describe.skipIf(edgeSkipReason !== undefined)(`the edge in workerd${edgeSkipReason ?? ''}`, () => {
  let place: EdgePlace;
  let edge: Edge;
  beforeAll(async () => {
    place = await packageForTests();
    edge = await place.start();
  });
  afterAll(() => place?.remove());

  const ask = (path: string, sent?: Sent) => send(fetch, path, sent, edge.url);
  const deploy = (name: string, agents?: readonly object[], guid = GUID) =>
    ask('/api/pack/deploy', { body: bundle(guid, name, agents) });
  const call = (name: string, args: object = {}, user_guid = USER) =>
    ask(`/api/pack/${GUID}/agent`, { body: { name, args, user_guid } });
  const restart = async (settings?: { readonly [name: string]: string }) => {
    edge.kill();
    await edge.gone;
    edge = await place.start(settings);
  };

  it('keeps packs and memory when it is killed, however often', async () => {
    await deploy('counting', [COUNTING]);
    for (let n = 1; n <= 3; n++) {
      expect((await call('count')).body).toEqual({ status: 'ok', output: n });
      await restart();
    }
    expect((await ask('/api/pack/healthz')).body).toMatchObject({ packs: [{ name: 'counting', agent_count: 1 }] });
    expect((await call('count', {}, '22222222-2222-4222-8222-222222222222')).body).toMatchObject({ output: 1 });
  });

  it('forgets what a removed pack remembered', async () => {
    await deploy('counting', [COUNTING]);
    await call('count');
    expect((await ask(`/api/pack/${GUID}`, { method: 'DELETE' })).status).toBe(200);
    await restart();
    expect((await call('count')).status).toBe(404);
    await deploy('counting', [COUNTING]);
    expect((await call('count')).body).toMatchObject({ output: 1 });
  });

  it('replaces a pack whole, and two deploys at once leave one of them whole', async () => {
    const versionOf = (mark: string) => ['a', 'b', 'c'].map((name) => answering(name, mark));
    await deploy('old', [answering('gone', 'old')]);
    const deploys = await Promise.all(Array.from({ length: 8 }, (_, n) => deploy(`v${n}`, versionOf(`v${n}`))));
    expect(deploys.map(({ status }) => status)).toEqual(deploys.map(() => 200));
    const { name, agents } = (await ask(`/api/pack/${GUID}/healthz`)).body;
    expect(agents).toEqual(['a', 'b', 'c']);
    for (const agent of ['a', 'b', 'c']) expect((await call(agent)).body).toMatchObject({ output: name });
    expect((await call('gone')).status).toBe(404);
  });

  it('lists what there is when it is killed in the middle of deploys and removals', async () => {
    for (let round = 0; round < 4; round++) {
      const busy = Array.from({ length: 12 }, (_, n) =>
        n % 4 === 3
          ? ask(`/api/pack/${GUID}`, { method: 'DELETE' })
          : deploy(`r${round}-${n}`, [answering('who', 'x')]),
      );
      const settled = Promise.allSettled(busy);
      await Promise.race(busy.slice(round, round + 1));
      await restart();
      await settled;
      const { status, body } = await ask(`/api/pack/${GUID}/healthz`);
      const { packs } = (await ask('/api/pack/healthz')).body as { readonly packs: readonly { pack_guid: string }[] };
      const listed = packs.filter(({ pack_guid }) => pack_guid === GUID);
      if (status === 404) expect(listed).toEqual([]);
      else expect(listed).toMatchObject([{ name: body.name, agent_count: 1 }]);
    }
  });

  it('refuses pages of other origins, foreign names, and bodies that are too large, and makes nothing of them', async () => {
    const headers = { origin: 'https://evil.example', 'content-type': 'text/plain' };
    const guid = '9b2d1c34-1111-4222-8333-444455556666';
    expect((await ask('/api/pack/deploy', { headers, body: bundle(guid, 'evil') })).status).toBe(403);
    expect((await ask(`/api/pack/${guid}/healthz`)).status).toBe(404);
    await deploy('one');
    expect((await call('who', { text: 'x'.repeat(2_000_000) })).status).toBe(413);
    expect((await deploy('x'.repeat(17_000_000))).status).toBe(413);
    expect((await call('who')).body).toMatchObject({ output: 'one' });
  });

  it('asks for tokens where it is closed', async () => {
    await restart({ PYPES_OPEN: '', PYPES_TOKEN: TOKEN });
    expect((await deploy('evil', undefined)).status).toBe(401);
    const deployed = await ask('/api/pack/deploy', { body: bundle(GUID, 'mine'), token: TOKEN });
    const token = deployed.body.pack_token as string;
    const body = { name: 'who' };
    for (const [given, status] of [
      [token, 200],
      [TOKEN, 200],
      [`${token}x`, 403],
    ] as const)
      expect((await ask(`/api/pack/${GUID}/agent`, { body, token: given })).status).toBe(status);
    expect((await call('who')).status).toBe(401);
    expect(edge.lines.join('\n')).not.toContain(token);
    // A pack that has a token keeps asking for it.
    await restart();
    expect((await call('who')).status).toBe(401);
    expect((await ask(`/api/pack/${GUID}`, { method: 'DELETE', token })).status).toBe(200);
  });

  it('says which languages it runs, keeps files in others, and answers 501 for their agents', async () => {
    const python = { filename: 'forecast.py', source: 'AGENT = {"name": "forecast"}\ndef run(context): return 1\n' };
    expect((await deploy('two', [answering('who', 'two'), python])).body).toMatchObject({ agent_count: 2 });
    const { quarantined, agents } = (await ask(`/api/pack/${GUID}/healthz`)).body;
    expect(agents).toEqual(['who']);
    expect(quarantined).toMatchObject([{ filename: 'forecast.py', code: 'unsupported' }]);
    expect(await call('forecast')).toMatchObject({ status: 501, body: { status: 'error', code: 'unsupported' } });
    expect((await call('who')).body).toMatchObject({ output: 'two' });
    const { runtimes } = (await ask('/api/pack/healthz')).body as { readonly runtimes: readonly string[] };
    expect(runtimes).not.toContain('python');
    expect(runtimes).not.toContain('missing');
  });

  it('runs no component without what starts isolates, and says both ways to have it', async () => {
    edge.kill();
    await edge.gone;
    edge = await place.start({}, { withoutLoader: true });
    const component = { filename: 'c.wasm', source_base64: 'AGFzbQ0AAQA=' };
    await deploy('three', [answering('who', 'three'), component]);
    const { quarantined } = (await ask(`/api/pack/${GUID}/healthz`)).body;
    expect(quarantined).toMatchObject([{ filename: 'c.wasm', code: 'unsupported' }]);
    expect(JSON.stringify(quarantined)).toMatch(/LOADER.*PYPES_REMOTE_URL|PYPES_REMOTE_URL.*LOADER/);
    const { runtimes } = (await ask('/api/pack/healthz')).body as { readonly runtimes: readonly string[] };
    expect(runtimes).toEqual(['lispy', 'javascript', 'lua']);
    await restart();
  });

  it('wakes nobody for a guid that nobody has deployed to', async () => {
    const before = readdirSync(place.objects, { recursive: true }).length;
    expect(before).toBeGreaterThan(0);
    for (let n = 0; n < 20; n++) expect((await ask(`/api/pack/${crypto.randomUUID()}/healthz`)).status).toBe(404);
    expect(readdirSync(place.objects, { recursive: true })).toHaveLength(before);
  });
});
