// Endpoints that mean harm, or are just broken: the suite ends, says what it saw, keeps its token and cleans up.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { AGENTS } from './agents/agents.ts';
import { type Check, must } from './check.ts';
import { equal } from './expect.ts';
import { type ConformanceOptions, runConformance } from './run-checks.ts';
import { NoEndpoint } from './subject/endpoint.ts';
import { createFake } from './testing/fake/fake.ts';
import { listen, toTransport } from './testing/fake/http.ts';
import { answers, CALL, DEPLOY, instead, json, REMOVE, refuse } from './testing/mutants/mutate.ts';
import { sendHttp } from './transport/http.ts';
import { MOST_ANSWER_BYTES } from './transport/transport.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers by hand, whatever was asked. */
async function serveRaw(bytes: string): Promise<string> {
  const server = createSocketServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(bytes);
  });
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
  closing.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const kindOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'an answer',
    (error: { readonly kind?: string }) => error.kind,
  );

describe('a request', () => {
  it('ends where a body never does', async () => {
    const url = await serve((_, response) => {
      const drip = setInterval(() => response.write('x'), 10);
      response.on('close', () => clearInterval(drip));
    });
    expect(await kindOf(sendHttp(url, { timeoutMs: 200 }))).toBe('too_slow');
  });

  it('ends where headers never do', async () => {
    const url = await serve(() => undefined);
    expect(await kindOf(sendHttp(url, { timeoutMs: 100 }))).toBe('too_slow');
  });

  it('ends where an answer is larger than anybody needs', async () => {
    const url = await serve((_, response) => {
      const chunk = Buffer.alloc(1024 * 1024, 'x');
      for (let sent = 0; sent <= MOST_ANSWER_BYTES; sent += chunk.length) response.write(chunk);
      response.end();
    });
    expect(await kindOf(sendHttp(url, {}))).toBe('too_large');
  });

  it('ends when nobody waits any longer', async () => {
    const url = await serve(() => undefined);
    const waiting = new AbortController();
    const answer = kindOf(sendHttp(url, { signal: waiting.signal }));
    waiting.abort();
    expect(await answer).toBe('aborted');
    expect(await kindOf(sendHttp(url, { signal: waiting.signal }))).toBe('aborted');
  });

  it.each([
    ['is no HTTP', 'hello\r\n\r\n'],
    ['is nothing', ''],
    ['breaks off', 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc'],
    ['has endless headers', `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(20_000)}\r\n`],
    ['changes the protocol', 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'],
    ['has two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
  ])('has no answer where what comes %s', async (_, bytes) => {
    expect(await kindOf(sendHttp(await serveRaw(bytes), { timeoutMs: 2_000 }))).toBe('hung_up');
  });

  it('has no answer where nobody listens', async () => {
    expect(await kindOf(sendHttp('http://127.0.0.1:1', {}))).toBe('unreachable');
  });

  it('follows no redirect, and shows its token to nobody else', async () => {
    const seen: unknown[] = [];
    const other = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.end('{}');
    });
    const url = await serve((_, response) => response.writeHead(302, { location: other }).end());
    const answer = await sendHttp(url, { headers: { authorization: 'Bearer secret' } });
    expect([answer.status, seen]).toEqual([302, []]);
  });
});

const ECHO: Check = must('TEST-1', 'echoes', async (subject) => {
  const pack = await subject.deployAgents(['echo']);
  equal(await subject.output(pack, 'echo', { value: 1 }), 1, 'the output');
});

function judge(fake: ReturnType<typeof createFake>, options: Partial<ConformanceOptions> = {}) {
  const url = 'http://127.0.0.1:1';
  return runConformance({ url, transport: toTransport(fake.handle), checks: [ECHO], ...options });
}

describe('meeting an endpoint', () => {
  it.each<[string, number, string, NoEndpoint['kind']]>([
    ['no JSON', 200, 'hello', 'no_endpoint'],
    ['JSON nested without end', 200, '['.repeat(5_000_000), 'no_endpoint'],
    ['a list', 200, '[]', 'no_endpoint'],
    ['no language', 200, '{"runtimes":[],"packs":[]}', 'no_endpoint'],
    ['runtimes that are no names', 200, '{"runtimes":[{"toString":1}]}', 'no_endpoint'],
    ['names that move a cursor', 200, '{"runtimes":["lispy","\\u001b[2J"]}', 'no_endpoint'],
    ['more names than anybody has', 200, JSON.stringify({ runtimes: Array(1_000).fill('lispy') }), 'no_endpoint'],
    ['a redirect', 302, '', 'no_endpoint'],
    ['an error', 500, '{}', 'no_endpoint'],
    ['that a token is needed', 401, '{}', 'unauthorized'],
  ])('that answers %s says so', async (_, status, body, kind) => {
    const url = await serve((_request, response) => response.writeHead(status).end(body));
    const met = runConformance({ url, checks: [ECHO] });
    await expect(met).rejects.toBeInstanceOf(NoEndpoint);
    await expect(met).rejects.toMatchObject({ kind });
  });

  it.each(['nonsense', 'ftp://127.0.0.1', 'http://127.0.0.1/?a=1', 'http://user:secret@127.0.0.1'])(
    'at %s is refused',
    async (url) => {
      await expect(runConformance({ url })).rejects.toMatchObject({ kind: 'no_url' });
    },
  );

  it('where nobody listens says so', async () => {
    await expect(runConformance({ url: 'http://127.0.0.1:1' })).rejects.toMatchObject({ kind: 'unreachable' });
  });

  it('that lets nobody deploy says that a token is needed', async () => {
    const fake = createFake({ mutation: instead(DEPLOY, () => refuse(401)) });
    await expect(judge(fake)).rejects.toMatchObject({ kind: 'unauthorized' });
  });

  it('below a path, with a slash at the end, is met there', async () => {
    const fake = createFake();
    const below = (request: Parameters<typeof fake.handle>[0]) =>
      fake.handle({ ...request, path: request.path.replace(/^\/below/, '') });
    const { server, url } = await listen(below);
    closing.push(() => server.close());
    expect(await runConformance({ url: `${url}/below/`, checks: [ECHO] })).toMatchObject({ conformant: true });
  });
});

describe('judging an endpoint', () => {
  it('goes on after a check that never ends', async () => {
    const fake = createFake({
      mutation: (request, next) =>
        CALL.test(`${request.method} ${request.path}`) ? new Promise(() => undefined) : next(request),
    });
    const report = await judge(fake, { checkMs: 200 });
    expect(report.outcomes[0]).toMatchObject({ status: 'failed', reason: 'it took longer than 200 ms' });
    expect([report.left, fake.packs.size]).toEqual([[], 0]);
  });

  it('bounds what it repeats of an answer', async () => {
    const fake = createFake({
      mutation: answers(CALL, () => ({ status: 500, headers: {}, body: 'x'.repeat(1_000_000) })),
    });
    const { outcomes } = await judge(fake);
    expect(outcomes[0]?.reason?.length).toBeLessThan(1_001);
  });

  it('has patience with an endpoint that asks for it', async () => {
    let refusals = 0;
    const fake = createFake({
      mutation: instead(CALL, () => (refusals++ < 2 ? { ...refuse(429), headers: { 'retry-after': '0' } } : undefined)),
    });
    expect(await judge(fake)).toMatchObject({ conformant: true });
    expect(refusals).toBe(3);
  });

  it('fails one that asks for patience without end', async () => {
    const fake = createFake({ mutation: instead(CALL, () => ({ ...refuse(429), headers: { 'retry-after': '0' } })) });
    expect(await judge(fake)).toMatchObject({ conformant: false });
  });

  it('is not conformant where nothing was judged', async () => {
    const unheard = { ...ECHO, needs: ['unheard'] };
    expect(await judge(createFake(), { checks: [unheard] })).toMatchObject({ conformant: false });
  });

  it('is conformant where a SHOULD fails, and not where a MUST does', async () => {
    const failing = { ...ECHO, id: 'TEST-2', run: () => Promise.reject(new Error('no')) };
    expect(await judge(createFake(), { checks: [ECHO, { ...failing, level: 'SHOULD' }] })).toMatchObject({
      conformant: true,
    });
    expect(await judge(createFake(), { checks: [ECHO, failing] })).toMatchObject({ conformant: false });
  });

  it('runs checks by their ids and groups, and no others', async () => {
    const checks = ['A-1', 'A-10', 'AB-1', 'B-1'].map((id) => ({ ...ECHO, id }));
    const ids = async (...only: readonly string[]) =>
      (await judge(createFake(), { checks, only })).outcomes.map(({ id }) => id);
    expect(await ids('A-1')).toEqual(['A-1']);
    expect(await ids('A', 'B-1')).toEqual(['A-1', 'A-10', 'B-1']);
    await expect(ids('C')).rejects.toBeInstanceOf(RangeError);
  });

  it('does not judge runs that ask for a token that nobody gave', async () => {
    const fake = createFake({ mutation: instead(/ \/v1\/runs/, () => refuse(401)) });
    const { outcomes } = await judge(fake, { checks: [{ ...ECHO, needs: ['runs'] }] });
    expect(outcomes[0]).toMatchObject({ status: 'skipped', reason: expect.stringContaining('token') });
  });

  it('does not judge the sandbox of an endpoint that says that it has none', async () => {
    const fake = createFake({ mutation: json(/^GET .*\/healthz/, (body) => ({ ...body, trust: 'trusted' })) });
    const { outcomes } = await judge(fake, { checks: [{ ...ECHO, needs: ['sandbox'] }] });
    expect(outcomes[0]).toMatchObject({ status: 'skipped', reason: expect.stringContaining('trusted') });
  });
});

describe('cleaning up', () => {
  it('removes what was deployed, whatever became of the check', async () => {
    const fake = createFake();
    const careless = must('TEST-1', 'fails', async (subject) => {
      await subject.deployAgents(['echo', 'add']);
      // Without a guid of its own, by hand, and in the older spelling.
      const agents = [AGENTS.lispy.echo];
      await subject.send('/api/pack/deploy', { method: 'POST', body: { schema: 'pack/1.0', agents } });
      await subject.send('/api/swarm/deploy', { method: 'POST', body: { schema: 'rapp-swarm/1.0', agents } });
      throw new Error('no');
    });
    expect(await judge(fake, { checks: [careless] })).toMatchObject({ left: [] });
    expect(fake.packs.size).toBe(0);
  });

  it('removes what an endpoint took and said that it did not', async () => {
    const fake = createFake({
      open: true,
      mutation: answers(DEPLOY, (answer, { body }) => (body.includes('"liar"') ? refuse(400) : answer)),
    });
    const lied = must('TEST-1', 'is lied to', async (subject) => {
      await subject.deploy([AGENTS.lispy.echo], { name: 'liar' });
    });
    await judge(fake, { checks: [lied] });
    expect(fake.packs.size).toBe(0);
  });

  it('says what it could not remove', async () => {
    const fake = createFake({ mutation: instead(REMOVE, () => refuse(500)) });
    const { left } = await judge(fake);
    expect(left.length).toBe(1);
    expect(fake.packs.has(left[0] ?? '')).toBe(true);
  });

  it('never removes a pack that was there before, also where an endpoint says that it is ours', async () => {
    const fake = createFake({
      open: true,
      mutation: json(DEPLOY, (body) => ({ ...body, pack_guid: [...fake.packs.keys()][0] })),
    });
    const body = JSON.stringify({ schema: 'pack/1.0', name: 'mine', agents: [AGENTS.lispy.echo] });
    const asked = { method: 'POST', path: '/api/pack/deploy', headers: { host: 'localhost' }, body, chunked: false };
    await fake.handle({ ...asked, connection: {} });
    await judge(fake);
    expect([...fake.packs.values()].map(({ manifest }) => manifest.name)).toEqual(['mine']);
  });

  it('is done when whoever asked goes away in the middle of a check', async () => {
    const fake = createFake();
    const gone = new AbortController();
    const slow = must('TEST-1', 'never ends', async (subject) => {
      await subject.deployAgents(['echo']);
      setTimeout(() => gone.abort(new Error('interrupted')), 10);
      await new Promise(() => undefined);
    });
    await expect(judge(fake, { checks: [slow], signal: gone.signal })).rejects.toThrow('interrupted');
    expect(fake.packs.size).toBe(0);
  });

  it('waits for a deploy that is under way when whoever asked goes away', async () => {
    const gone = new AbortController();
    const fake = createFake({
      mutation: async (request, next) => {
        if (request.body.includes('"late"')) {
          gone.abort(new Error('interrupted'));
          await new Promise((later) => setTimeout(later, 50));
        }
        return next(request);
      },
    });
    const late = must('TEST-1', 'deploys', async (subject) => {
      await subject.deployAgents(['echo'], { name: 'late', pack_guid: undefined });
    });
    await expect(judge(fake, { checks: [late], signal: gone.signal })).rejects.toThrow('interrupted');
    expect(fake.packs.size).toBe(0);
  });
});
