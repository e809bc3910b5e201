// Runs from their request to their end, and what is refused (spec 5).
import { PypesError } from '@pypes/contract';
import { createMemoryRunStore } from '@pypes/stores/memory';
import { afterEach, describe, expect, test } from 'vitest';
import type { Runs } from './index.ts';
import { createBench, ended, eventsOf, inShort, refOf, runToEnd } from './testing/setup.ts';

const opened: Runs[] = [];
const keep = (runs: Runs) => {
  opened.push(runs);
  return runs;
};
afterEach(async () => {
  await Promise.all(opened.splice(0).map((runs) => runs.close(0)));
});

const BEHAVIOURS = {
  echo: (_context: unknown, args: object) => args as never,
  fail: () => {
    throw new PypesError('handler_failed', 'It broke', { details: { line: 3 } });
  },
};

describe('a run', () => {
  test('is accepted, executed, and ends with its result', async () => {
    const { open, store } = createBench(BEHAVIOURS);
    const runs = keep(open());
    const created = await runs.create({ agent: 'echo', input: { a: 1 }, metadata: { who: 'me' } });
    expect(created).toMatchObject({ status: 'queued', version: 1, attempt: 0, tenant: '' });
    const record = await ended(runs, refOf(created));
    expect(record).toMatchObject({ status: 'finished', attempt: 1, result: { a: 1 } });
    expect(record.owner).toBeUndefined();
    expect(record.versions?.agent_digest).toMatch(/^sha256:/);
    const events = await eventsOf(store, refOf(created));
    expect(inShort(events)).toEqual(['run.started', 'run.finished']);
    expect(events.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(events[0]).toMatchObject({ trace: created.trace, actor: 'engine', attrs: { attempt: 1, agent: 'echo' } });
  });

  test('fails with what the agent says, and where it came from', async () => {
    const { open, store } = createBench(BEHAVIOURS);
    const record = await runToEnd(keep(open()), 'fail');
    expect(record).toMatchObject({
      status: 'failed',
      error: { type: 'handler_failed', source: 'agent', retryable: false, details: { line: 3 } },
    });
    expect(inShort(await eventsOf(store, refOf(record)))).toEqual(['run.started', 'run.failed']);
  });

  test('fails where its pack went away before it began', async () => {
    const { open, store, host } = createBench(BEHAVIOURS);
    const source = JSON.stringify([{ name: 'late', does: 'echo' }]);
    const { packGuid } = await host.deploy({ schema: 'pack/1.0', agents: [{ filename: 'late.fake', source }] });
    const waiting = await keep(open({ works: false })).create({ agent: 'late', pack: packGuid, input: {} });
    await host.remove(packGuid);
    keep(open());
    const record = await ended(opened[0] as Runs, refOf(waiting));
    expect(record).toMatchObject({ status: 'failed', error: { type: 'not_found', source: 'service' } });
    expect(inShort(await eventsOf(store, refOf(record)))).toEqual(['run.started', 'run.failed']);
  });

  test('says what its agent logs and how far it is, in their order', async () => {
    const { open, store } = createBench({
      talk: (context) => {
        context.log('warn', 'one', { n: 1 });
        context.progress(0.5, 'half');
        context.log('info', 'two');
        return null;
      },
    });
    const record = await runToEnd(keep(open()), 'talk');
    const events = await eventsOf(store, refOf(record));
    expect(events.slice(1, -1)).toMatchObject([
      { event_type: 'log', severity: 'warn', actor: 'tool', attrs: { agent: 'talk', message: 'one', data: { n: 1 } } },
      { event_type: 'progress', attrs: { fraction: 0.5, message: 'half' } },
      { event_type: 'log', severity: 'info', attrs: { message: 'two' } },
    ]);
  });

  test('goes on in the trace of whoever asks for it, each call with a span of its own', async () => {
    const { open, store } = createBench({
      outer: (context) => context.call('middle', {}),
      middle: (context) => context.call('inner', {}),
      inner: () => 1,
    });
    const runs = keep(open());
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const record = await ended(runs, refOf(await runs.create({ agent: 'outer', input: {} }, { traceparent })));
    expect(record.trace).toMatchObject({
      trace_id: '0af7651916cd43dd8448eb211c80319c',
      parent_span_id: 'b7ad6b7169203331',
    });
    const [, middle, inner] = await eventsOf(store, refOf(record));
    expect(middle?.trace.parent_span_id).toBe(record.trace.span_id);
    expect(inner?.trace.parent_span_id).toBe(middle?.trace.span_id);
    expect(new Set([record.trace.span_id, middle?.trace.span_id, inner?.trace.span_id]).size).toBe(3);
    const odd = await runs.create(
      { agent: 'inner', input: {} },
      { traceparent: `00-${'0'.repeat(32)}-b7ad6b7169203331-01` },
    );
    expect(odd.trace.parent_span_id).toBeUndefined();
  });
});

describe('a request', () => {
  const { open } = createBench(BEHAVIOURS, { limits: { argumentBytes: 100 } });

  test.each([
    ['nothing', null, 'invalid_request'],
    ['no target', { input: {} }, 'invalid_request'],
    ['two targets', { agent: 'echo', blueprint: 'b', input: {} }, 'invalid_request'],
    ['an unknown key', { agent: 'echo', input: {}, imput: {} }, 'invalid_request'],
    ['an input that is a list', { agent: 'echo', input: [] }, 'invalid_request'],
    ['another mode', { agent: 'echo', input: {}, mode: 'fast' }, 'invalid_request'],
    ['another context', { agent: 'echo', input: {}, context: { user: 'me' } }, 'invalid_request'],
    ['too large an input', { agent: 'echo', input: { text: 'x'.repeat(200) } }, 'too_large'],
    ['an unknown agent', { agent: 'nobody', input: {} }, 'unknown_agent'],
    ['an unknown agent of a pack', { agent: 'nobody', pack: 'fakes', input: {} }, 'unknown_agent'],
    ['an unknown pack', { agent: 'echo', pack: 'nowhere', input: {} }, 'not_found'],
    ['an agreement', { agreement: 'a', input: {} }, 'unsupported'],
    ['a blueprint where there are none', { blueprint: 'b', input: {} }, 'unsupported'],
  ])('with %s is refused', async (_what, request, code) => {
    const runs = keep(open({ works: false }));
    await expect(runs.create(request)).rejects.toMatchObject({ code });
    expect(await runs.list('')).toEqual([]);
  });

  test('says everything that is wrong with it', async () => {
    const refused = keep(open()).create({ input: 1, mode: 2, extra: 3 });
    await expect(refused).rejects.toMatchObject({
      details: { errors: [{ path: '/extra' }, { path: '' }, { path: '/input' }, { path: '/mode' }] },
    });
  });

  test('for an agent that two packs have is refused with both, and taken with one', async () => {
    const bench = createBench(BEHAVIOURS);
    const source = JSON.stringify([{ name: 'echo', does: 'echo' }]);
    const bundle = { schema: 'pack/1.0', name: 'second', agents: [{ filename: 'e.fake', source }] };
    const { packGuid } = await bench.host.deploy(bundle);
    const runs = keep(bench.open());
    const refused = runs.create({ agent: 'echo', input: {} });
    await expect(refused).rejects.toMatchObject({
      code: 'invalid_request',
      details: { candidates: [{ name: 'fakes' }, { pack: packGuid, name: 'second' }] },
    });
    const record = await runs.create({ agent: 'echo', pack: 'second', input: { a: 1 } });
    expect(await ended(runs, refOf(record))).toMatchObject({ status: 'finished', versions: { pack: packGuid } });
  });
});

describe('an Idempotency-Key', () => {
  test('gives the same run to the same request, and refuses another', async () => {
    const runs = keep(createBench(BEHAVIOURS).open());
    const first = await runs.create({ agent: 'echo', input: { a: 1, b: 2 } }, { idempotencyKey: 'k' });
    await ended(runs, refOf(first));
    const again = await runs.create({ input: { b: 2, a: 1 }, agent: 'echo' }, { idempotencyKey: 'k' });
    expect(again).toMatchObject({ run_id: first.run_id, status: 'finished' });
    await expect(runs.create({ agent: 'echo', input: { a: 2 } }, { idempotencyKey: 'k' })).rejects.toMatchObject({
      code: 'conflict',
    });
    const other = await runs.create({ agent: 'echo', input: { a: 2 } }, { idempotencyKey: 'k', tenant: 'other' });
    expect(other.run_id).not.toBe(first.run_id);
    await expect(runs.create({ agent: 'echo', input: {} }, { idempotencyKey: 'a b' })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });

  test('makes one run of a hundred requests at once, and it is executed once', async () => {
    let calls = 0;
    const bench = createBench({ count: () => ++calls });
    const workers = [keep(bench.open()), keep(bench.open())];
    const created = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        (workers[index % 2] as Runs).create({ agent: 'count', input: {} }, { idempotencyKey: 'same' }),
      ),
    );
    expect(new Set(created.map(({ run_id: id }) => id)).size).toBe(1);
    await ended(workers[0] as Runs, refOf(created[0] as never));
    expect(calls).toBe(1);
  });
});

describe('tenants', () => {
  test('see their own runs alone, and are told of others what they are told of nothing', async () => {
    const runs = keep(createBench(BEHAVIOURS).open());
    const record = await runs.create({ agent: 'echo', input: {} }, { tenant: 'ann' });
    await ended(runs, refOf(record));
    const foreign = { tenant: 'bob', run_id: record.run_id };
    const nothing = { tenant: 'bob', run_id: record.run_id.replace(/.$/, 'x') };
    const failures = async (ref: typeof foreign) => {
      const asked = [
        () => runs.get(ref),
        () => runs.events(ref),
        () => runs.events(ref, { waitMs: 50 }),
        () => runs.cancel(ref),
        () => runs.replay(ref),
        () => runs.artifacts(ref),
        () => runs.artifact(ref, 'run.json'),
        () => runs.bundle(ref),
        () => runs.toCase(ref),
        () => runs.follow(ref)[Symbol.asyncIterator]().next(),
      ];
      const told = await Promise.all(asked.map((ask) => ask().then(String, (error: PypesError) => error)));
      return told.map((error) =>
        `${(error as PypesError).code} ${(error as PypesError).message}`.replaceAll(ref.run_id, ''),
      );
    };
    const told = await failures(foreign);
    expect(new Set(told).size).toBe(1);
    expect(told[0]).toMatch(/^not_found /);
    expect(await failures(nothing)).toEqual(told);
    expect(await failures({ tenant: 'bob', run_id: '../ann' })).toEqual(told);
    expect(await runs.list('bob')).toEqual([]);
    expect((await runs.list('ann')).map(({ run_id: id }) => id)).toEqual([record.run_id]);
    await expect(runs.create({ agent: 'echo', input: {} }, { tenant: '../x' })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });
});

test('a list is paged by the id that came last', async () => {
  const runs = keep(createBench(BEHAVIOURS).open());
  const ids: string[] = [];
  for (let n = 0; n < 5; n++) ids.unshift((await runs.create({ agent: 'echo', input: { n } })).run_id);
  const idsOf = (records: readonly { readonly run_id: string }[]) => records.map(({ run_id: id }) => id);
  const first = idsOf(await runs.list('', { limit: 2 }));
  expect(first).toEqual(ids.slice(0, 2));
  expect(idsOf(await runs.list('', { limit: 5, before: first[1] as string }))).toEqual(ids.slice(2));
  await expect(runs.list('', { limit: 0 })).rejects.toMatchObject({ code: 'invalid_request' });
});

test('nothing is kept of runs that have ended', async () => {
  const { open, store } = createBench(BEHAVIOURS);
  let followed = 0;
  const counting = {
    ...store,
    follow: (...given: Parameters<typeof store.follow>) => {
      followed += 1;
      const end = store.follow(...given);
      return () => {
        followed -= 1;
        end();
      };
    },
  };
  const runs = keep(open({ store: counting }));
  const created = await Promise.all(
    Array.from({ length: 2_000 }, (_, n) => runs.create({ agent: 'echo', input: { n } })),
  );
  await Promise.all(created.map((record) => ended(runs, refOf(record))));
  expect([runs.active, runs.troubled, followed]).toEqual([0, 0, 0]);
  for (const record of created) expect((await runs.get(refOf(record))).status).toBe('finished');
});

test('a service that shuts down takes no run', async () => {
  const runs = createBench(BEHAVIOURS, { store: createMemoryRunStore() }).open();
  await runs.close(0);
  await expect(runs.create({ agent: 'echo', input: {} })).rejects.toMatchObject({ code: 'unavailable' });
});
