// The front as an attacker sees it: what is refused wakes nobody, nothing from outside passes for something from inside.
import { describe, expect, it } from 'vitest';
import { createFakePlatform } from './testing/fake-platform.ts';
import { answering, bundle, CLOSED, HOST, OPEN, type Sent, send, TOKEN } from './testing/requests.ts';

const GUID = '3f0e7a52-6a7c-4c0e-9d3e-0a4f5b6c7d8e';
const OTHER = '9b2d1c34-1111-4222-8333-444455556666';
const LOOKS_LIKE_A_TOKEN = `pt_${'x'.repeat(43)}`;

function setup(settings: { readonly [name: string]: string } = OPEN) {
  const platform = createFakePlatform({ PYPES_LOG_LEVEL: 'error', ...settings });
  const ask = (path: string, sent?: Sent, base?: string) => send(platform.fetch, path, sent, base);
  const deploy = (pack_guid: string | undefined, name: string, token?: string) =>
    ask('/api/pack/deploy', { body: bundle(pack_guid, name), ...(token === undefined ? {} : { token }) });
  const call = (guid: string, sent: Sent = {}) => ask(`/api/pack/${guid}/agent`, { body: { name: 'who' }, ...sent });
  return { ...platform, ask, deploy, call };
}

describe('where requests go', () => {
  it('deploys, calls, lists and removes, by guids in either case and in both spellings', async () => {
    const { ask, deploy, call } = setup();
    expect(await deploy(` ${GUID.toUpperCase()} `, 'one')).toMatchObject({ status: 200, body: { pack_guid: GUID } });
    for (const path of [GUID, GUID.toUpperCase()].flatMap((id) => [`/api/pack/${id}`, `/api/swarm/${id}`])) {
      expect(await ask(`${path}/agent`, { body: { name: 'who' } })).toMatchObject({ body: { output: 'one' } });
    }
    expect((await ask(`/api/swarm/${GUID}/healthz`)).body).toMatchObject({ swarm_guid: GUID, agents: ['who'] });
    expect((await ask('/api/pack/healthz')).body).toMatchObject({
      pack_count: 1,
      packs: [{ pack_guid: GUID, agent_count: 1 }],
    });
    expect((await ask('/api/swarm/healthz')).body).toMatchObject({ swarm_count: 1, swarms: [{ swarm_guid: GUID }] });
    expect((await ask(`/api/pack/${GUID}`, { method: 'DELETE' })).body).toEqual({ status: 'ok', removed: GUID });
    expect((await call(GUID)).status).toBe(404);
    expect((await ask('/api/pack/healthz')).body).toMatchObject({ pack_count: 0, packs: [] });
  });

  it('mints a guid where the bundle has none, and takes the older name of it', async () => {
    const { ask, deploy } = setup();
    const [one, two] = [await deploy(undefined, 'one'), await deploy('no guid', 'two')];
    expect(one.body.pack_guid).toMatch(/^[0-9a-f-]{36}$/);
    expect(two.body.pack_guid).not.toBe(one.body.pack_guid);
    const swarm = { ...bundle(undefined, 'three'), schema: 'rapp-swarm/1.0', swarm_guid: GUID };
    expect((await ask('/api/swarm/deploy', { body: swarm })).body).toMatchObject({ swarm_guid: GUID });
    expect((await ask(`/api/pack/${GUID}/healthz`)).body).toMatchObject({ name: 'three' });
  });

  it('takes the last of two guids in one bundle, as the pack does: no bundle comes to a pack that it does not name', async () => {
    const { ask, deploy } = setup();
    await deploy(OTHER, 'other');
    const agents = JSON.stringify([answering('who', 'evil')]);
    const body = `{"schema":"pack/1.0","pack_guid":"${OTHER}","agents":${agents},"pack_guid":"${GUID}"}`;
    expect((await ask('/api/pack/deploy', { body })).body).toMatchObject({ pack_guid: GUID });
    expect((await ask(`/api/pack/${OTHER}/healthz`)).body).toMatchObject({ name: 'other' });
  });

  it.each(['/api/pack', '/api/pack/x/agent', `/api/pack/${GUID}`, '/api/nothing', '/summary', '/', '/mcp'])(
    'answers %s as every back end does',
    async (path) => {
      const { ask, packObjects } = setup();
      expect([404, 405]).toContain((await ask(path)).status);
      expect((await ask(path)).body).toMatchObject({ status: 'error' });
      expect(packObjects()).toEqual([]);
    },
  );
});

describe('what nobody is woken for', () => {
  it('a pack that there is not', async () => {
    const { ask, call, packObjects } = setup();
    expect((await call(GUID)).status).toBe(404);
    expect((await ask(`/api/pack/${GUID}/healthz`)).status).toBe(404);
    expect((await ask(`/api/pack/${GUID}`, { method: 'DELETE' })).status).toBe(404);
    expect(packObjects()).toEqual([]);
  });

  it.each([
    ['a foreign Host', {}, 'https://evil.example'],
    ['a foreign page', { headers: { origin: 'https://evil.example' } }, undefined],
    ['a page without an origin', { headers: { origin: 'null' } }, undefined],
  ] as readonly [string, Sent, string | undefined][])('%s', async (_what, sent, base) => {
    const { ask, deploy, hops } = setup();
    await deploy(GUID, 'one');
    hops.length = 0;
    const deploying = { ...sent, body: bundle(GUID, 'evil') };
    expect((await ask('/api/pack/deploy', deploying, base)).status).toBe(403);
    expect((await ask(`/api/pack/${GUID}/agent`, { ...sent, body: { name: 'who' } }, base)).status).toBe(403);
    expect((await ask(`/api/pack/${GUID}`, { ...sent, method: 'DELETE' }, base)).status).toBe(403);
    expect(hops).toEqual([]);
  });

  it('a caller without a token, where one is asked for', async () => {
    const { ask, deploy, call, hops } = setup(CLOSED);
    await deploy(GUID, 'one', TOKEN);
    hops.length = 0;
    for (const answer of [
      await call(GUID),
      await deploy(GUID, 'evil'),
      await ask(`/api/pack/${GUID}`, { method: 'DELETE' }),
    ]) {
      expect(answer).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
    expect(hops).toEqual([]);
  });

  it('a token that opens nothing, with a bundle for a new pack', async () => {
    const { deploy, packObjects } = setup(CLOSED);
    for (const guid of [GUID, undefined]) expect((await deploy(guid, 'evil', LOOKS_LIKE_A_TOKEN)).status).toBe(403);
    expect(packObjects()).toEqual([]);
  });

  it('a bundle that is too large, or no JSON', async () => {
    const { ask, packObjects } = setup({ ...OPEN, PYPES_LIMITS_BUNDLE_BYTES: '1000' });
    const large = bundle(GUID, 'x'.repeat(2_000));
    expect((await ask('/api/pack/deploy', { body: large })).status).toBe(413);
    for (const body of ['{', '[]', 'null']) expect((await ask('/api/pack/deploy', { body })).status).toBe(400);
    expect(packObjects()).toEqual([]);
  });

  it('a bundle that is nested too deeply', async () => {
    const { ask, packObjects } = setup();
    const depth = 200_000;
    const body = `{"schema":"pack/1.0","agents":[],"deep":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    expect((await ask('/api/pack/deploy', { body })).status).toBe(400);
    expect(packObjects()).toEqual([]);
  });

  it('a preflight', async () => {
    const { ask, hops } = setup();
    const headers = { origin: 'http://localhost:3000', 'access-control-request-method': 'POST' };
    expect((await ask('/api/pack/deploy', { method: 'OPTIONS', headers })).status).toBe(204);
    expect((await ask(`/api/pack/${GUID}/agent`, { method: 'OPTIONS', headers })).status).toBe(204);
    expect(hops).toEqual([]);
  });
});

describe('tokens of packs', () => {
  it('open their pack alone, and are asked for before a body is read', async () => {
    const { deploy, call } = setup(CLOSED);
    const one = (await deploy(GUID, 'one', TOKEN)).body.pack_token as string;
    const other = (await deploy(OTHER, 'other', TOKEN)).body.pack_token as string;
    expect((await call(GUID, { token: one })).body).toMatchObject({ output: 'one' });
    expect((await call(GUID, { token: TOKEN })).status).toBe(200);
    for (const token of [other, LOOKS_LIKE_A_TOKEN, `${one}x`, one.slice(0, -1), TOKEN.toUpperCase()]) {
      expect((await call(GUID, { token })).status).toBe(403);
      // What the body is does not matter: nobody looks.
      expect((await call(GUID, { token, body: '{' })).status).toBe(403);
      expect((await deploy(GUID, 'evil', token)).status).toBe(403);
    }
    expect((await deploy(GUID, 'two', one)).status).toBe(200);
    expect((await call(GUID, { token: one })).status).toBe(403);
  });

  it('may be left out for new packs where that is said', async () => {
    const { deploy, call } = setup({ ...CLOSED, PYPES_OPEN: 'true' });
    expect((await deploy(GUID, 'one')).body.pack_token).toBeUndefined();
    expect((await call(GUID)).status).toBe(200);
  });

  it('a failure may be read by a page that may ask', async () => {
    const { call } = setup(CLOSED);
    const answer = await call(GUID, { headers: { origin: 'http://localhost:3000' } });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('access-control-allow-origin')).toBe('http://localhost:3000');
  });
});

describe('what cannot be forged', () => {
  it('whose request it is: the header from outside is written over', async () => {
    const { ask, deploy, call, crash } = setup();
    await deploy(GUID, 'one');
    await deploy(OTHER, 'other');
    const headers = { 'pypes-pack-guid': OTHER };
    crash();
    expect((await call(GUID, { headers })).body).toMatchObject({ output: 'one' });
    await ask('/api/pack/deploy', { body: bundle(GUID, 'two'), headers });
    expect((await call(OTHER)).body).toMatchObject({ output: 'other' });
    expect((await call(GUID)).body).toMatchObject({ output: 'two' });
  });

  it('an object answers for no other pack, whoever asks it', async () => {
    const { deploy, crash, pack } = setup();
    await deploy(GUID, 'one');
    crash();
    const headers = { 'pypes-pack-guid': OTHER };
    const answer = await pack(GUID).fetch(new Request(`https://${HOST}/api/pack/${OTHER}/healthz`, { headers }));
    expect(answer.status).toBe(503);
    const nobody = await pack(OTHER).fetch(new Request('https://pack.internal/summary'));
    expect(nobody.status).toBe(503);
  });

  it('a bundle of another pack is written to none', async () => {
    const { deploy, pack, call } = setup();
    await deploy(GUID, 'one');
    const headers = { 'pypes-pack-guid': GUID, host: HOST };
    for (const body of [bundle(OTHER, 'evil'), bundle(undefined, 'evil')]) {
      const init = { method: 'POST', headers, body: JSON.stringify(body) };
      expect((await pack(GUID).fetch(new Request(`https://${HOST}/api/pack/deploy`, init))).status).toBe(500);
    }
    expect((await call(GUID)).body).toMatchObject({ output: 'one' });
  });

  it("the directory's question", async () => {
    const { deploy, fetch } = setup(CLOSED);
    await deploy(GUID, 'one', TOKEN);
    for (const base of ['https://pack.internal', 'https://directory.internal', `https://${HOST}`]) {
      for (const path of ['/summary', '/', `/api/pack/${GUID}/../../../summary`]) {
        const headers = { 'pypes-pack-guid': GUID, authorization: `Bearer ${TOKEN}` };
        const body = JSON.stringify({ op: 'list' });
        for (const init of [{ headers }, { headers, method: 'POST', body }]) {
          const answer = await fetch(new Request(base + path, init));
          expect([403, 404]).toContain(answer.status);
        }
      }
    }
  });
});

describe('a pack whose object is gone', () => {
  it('is said to be away, in the envelope, and is there again afterwards', async () => {
    const { deploy, call, seams, crash } = setup();
    await deploy(GUID, 'one');
    seams.before = ({ to }) => {
      if (to === 'packs') throw new Error('Network connection lost.');
    };
    expect(await call(GUID)).toMatchObject({ status: 503, body: { status: 'error', code: 'unavailable' } });
    seams.before = () => undefined;
    crash();
    expect((await call(GUID)).body).toMatchObject({ output: 'one' });
  });

  it('a call that goes on when its pack is removed leaves nothing for whoever comes next', async () => {
    const { ask, call } = setup();
    const slow = {
      filename: 'slow.lispy',
      source: `(define AGENT {:name "slow" :description "Slow" :parameters {:type "object" :properties {}}})
(define (run context args) (let loop ((n 30000)) (if (> n 0) (loop (- n 1)) nil)) (memory-set "mine" 1) (memory-get "mine"))`,
    };
    const recall = {
      filename: 'recall.lispy',
      source: `(define AGENT {:name "recall" :description "Recalls" :parameters {:type "object" :properties {}}})
(define (run context args) (memory-get "mine"))`,
    };
    const mine = bundle(GUID, 'mine', [slow, recall]);
    await ask('/api/pack/deploy', { body: mine });
    expect((await call(GUID, { body: { name: 'slow' } })).body).toMatchObject({ output: 1 });
    const running = Array.from({ length: 4 }, () => call(GUID, { body: { name: 'slow' } }));
    expect((await ask(`/api/pack/${GUID}`, { method: 'DELETE' })).status).toBe(200);
    await Promise.all(running);
    await ask('/api/pack/deploy', { body: mine });
    expect((await call(GUID, { body: { name: 'recall' } })).body).toEqual({ status: 'ok', output: null });
  });
});

describe('a Worker that is not set up', () => {
  it.each([
    [{}, /PYPES_ALLOW_HOSTS/],
    [{ PYPES_ALLOW_HOSTS: HOST }, /PYPES_TOKEN/],
    [{ PYPES_ALLOW_HOSTS: HOST, PYPES_TOKEN: 'short' }, /PYPES_TOKEN/],
    [{ PYPES_ALLOW_HOSTS: HOST, PYPES_OPEN: 'yes' }, /PYPES_OPEN/],
  ] as readonly [{ readonly [name: string]: string }, RegExp][])(
    'serves nobody, and says why: %j',
    async (settings, why) => {
      const platform = createFakePlatform(settings);
      const answer = await send(platform.fetch, '/api/pack/deploy', { body: bundle(GUID, 'one'), token: TOKEN });
      expect(answer).toMatchObject({ status: 503, body: { status: 'error', message: expect.stringMatching(why) } });
      expect(platform.hops).toEqual([]);
    },
  );
});
