// Lost connections: a thousand of them, at random places of streams and polls, lose no event and repeat none.
import { createRunsClient, type RunEvent, type RunsClient } from '@pypes/contract/runs';
import { afterEach, describe, expect, test } from 'vitest';
import { type Listening, listen } from './testing/listen.ts';
import { setup } from './testing/setup.ts';
import { type Broken, createRandom, createUnreliable } from './testing/unreliable.ts';

const REF = { tenant: '', run_id: 'run-000001' };
const servers: Listening[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Reads all events of the run, one way or the other. */
async function readAll(client: RunsClient, isStreaming: boolean): Promise<readonly RunEvent[]> {
  const events: RunEvent[] = [];
  if (isStreaming) {
    for await (const { event } of client.follow(REF.run_id)) events.push(event);
    return events;
  }
  for (let cursor: string | undefined; ; ) {
    try {
      const page = await client.events(REF.run_id, { limit: 50, wait: 5, ...(cursor === undefined ? {} : { cursor }) });
      events.push(...page.events);
      cursor = page.next_cursor;
      if (page.complete) return events;
    } catch (error) {
      expect(error).toMatchObject({ code: 'unavailable' });
    }
  }
}

describe('a thousand lost connections', () => {
  test.each([1, 2])('lose no event and repeat none (seed %i)', { timeout: 120_000 }, async (seed) => {
    const world = setup({ keepAliveMs: 50 });
    await world.fake.create({ agent: 'echo', input: {} }, { tenant: '' });
    const server = await listen(world.fetch);
    servers.push(server);
    const random = createRandom(seed);
    let isEnding = false;
    // Once the run has ended, connections hold, so that the test does too.
    const broken: Broken = { streams: 0, polls: 0 };
    const readers = Array.from({ length: 12 }, (_, index) => {
      const network = createUnreliable(random, broken, () => isEnding);
      return readAll(createRunsClient({ baseUrl: server.url, fetch: network, pause: nextTurn }), index % 2 === 0);
    });
    let drops = 0;
    while (broken.streams < 250 || broken.polls < 250) {
      const burst = Math.floor(random() * 8);
      for (let count = 0; count < burst; count++)
        world.fake.emit(REF, 'log', { message: 'é'.repeat(Math.floor(random() * 90)) });
      if (random() < 0.02) {
        server.drop();
        drops += 1;
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    isEnding = true;
    world.fake.emit(REF, 'run.finished');
    const { lines } = await world.fake.events(REF, { limit: 1_000_000, waitMs: 0 });
    for (const events of await Promise.all(readers))
      expect(events.map((event) => JSON.stringify(event))).toEqual(lines);
    expect(broken.streams + broken.polls).toBeGreaterThanOrEqual(500);
    expect(drops).toBeGreaterThan(0);
    await expect.poll(() => world.fake.waiting).toBe(0);
  });
});

describe('following', () => {
  const started = async (fetchOf: (url: string) => typeof globalThis.fetch) => {
    const world = setup();
    await world.fake.create({ agent: 'echo', input: {} }, { tenant: '' });
    const server = await listen(world.fetch);
    servers.push(server);
    const client = createRunsClient({ baseUrl: `${server.url}/`, fetch: fetchOf(server.url), pause: nextTurn });
    const typesOf = async (options = {}) => {
      const types: string[] = [];
      for await (const { event } of client.follow(REF.run_id, options)) types.push(event.event_type);
      return types;
    };
    return { ...world, client, typesOf };
  };

  test('polls where something gives no streams', async () => {
    const asked: string[] = [];
    const { fake, typesOf } = await started(() => async (input, init) => {
      asked.push(new URL(String(input)).pathname);
      return String(input).endsWith('/stream')
        ? new Response('<html>', { headers: { 'content-type': 'text/html' } })
        : fetch(input, init);
    });
    fake.emit(REF, 'run.finished');
    expect(await typesOf()).toEqual(['run.started', 'run.finished']);
    expect(asked).toEqual(['/v1/runs/run-000001/events/stream', '/v1/runs/run-000001/events']);
  });

  test('polls where streams never bring anything, and gives up where nothing does', async () => {
    const asked: string[] = [];
    const { typesOf } = await started(() => async (input) => {
      asked.push(String(input).endsWith('/stream') ? 'stream' : 'poll');
      throw new TypeError('broken');
    });
    await expect(typesOf()).rejects.toMatchObject({ code: 'unavailable' });
    expect(asked).toEqual([...Array(3).fill('stream'), ...Array(8).fill('poll')]);
  });

  test('makes a pause where polls are answered empty at once', async () => {
    let pauses = 0;
    const page = (more: object) => Response.json({ events: [], next_cursor: '0.run-000001', complete: false, ...more });
    const client = createRunsClient({
      baseUrl: 'http://x',
      fetch: async (input) => (String(input).endsWith('/stream') ? new Response('') : page({ complete: pauses > 20 })),
      pause: async () => {
        pauses += 1;
      },
    });
    for await (const _ of client.follow(REF.run_id)) expect.unreachable();
    expect(pauses).toBe(21);
  });

  test('ends at once for a run that is over, and where it is told to', async () => {
    const { fake, client, typesOf } = await started(() => fetch);
    const leaving = new AbortController();
    const waiting = typesOf({ signal: leaving.signal });
    await expect.poll(() => fake.waiting).toBe(1);
    leaving.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'canceled' });
    await expect.poll(() => fake.waiting).toBe(0);
    fake.emit(REF, 'run.canceled');
    expect(await typesOf({ cursor: '2.run-000001' })).toEqual([]);
    for await (const { cursor } of client.follow(REF.run_id)) {
      expect(cursor).toBe('1.run-000001');
      break;
    }
  });

  test('does not try again what cannot go better', async () => {
    const { client, fake } = await started(() => fetch);
    const first = (id: string, cursor?: string) =>
      client
        .follow(id, cursor === undefined ? {} : { cursor })
        [Symbol.asyncIterator]()
        .next();
    await expect(first('run-000009')).rejects.toMatchObject({ code: 'not_found' });
    await expect(first(REF.run_id, '1.run-000009')).rejects.toMatchObject({ code: 'invalid_request' });
    expect(fake.calls.events).toBe(2);
  });
});
