// What events and records tell of host calls: names, sizes, digests, refusals with their rule, and no secret (spec 5).
import { type Approval, type Json, type Policy, PypesError } from '@pypes/contract';
import { createAsk } from '@pypes/guard';
import { createMemoryApprovalStore, createMemoryRunStore } from '@pypes/stores/memory';
import { afterEach, describe, expect, test } from 'vitest';
import { createFakeDrivers, SECRET } from '../../testing/fake-drivers.ts';
import type { BlueprintStart, Runs } from '../index.ts';
import {
  createBench,
  createMortalStore,
  ended,
  eventsOf,
  inShort,
  refOf,
  runToEnd,
  textOf,
  until,
} from '../testing/setup.ts';

const opened: Runs[] = [];
const keep = (runs: Runs) => {
  opened.push(runs);
  return runs;
};
afterEach(async () => {
  await Promise.all(opened.splice(0).map((runs) => runs.close(0)));
});

test('a call is told with sizes and digests of what went and came, never with the values', async () => {
  const { open, store } = createBench({
    outer: (context) => context.call('inner', { word: 'marmalade' }),
    inner: () => 'chutney',
  });
  const ref = refOf(await runToEnd(keep(open()), 'outer'));
  const [, begun, done] = await eventsOf(store, ref);
  expect(begun?.attrs).toEqual({
    call: 1,
    tool: 'inner',
    from: 'outer',
    kind: 'agent',
    args_bytes: 20,
    args_digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
  });
  expect(done?.attrs).toEqual({
    call: 1,
    tool: 'inner',
    from: 'outer',
    status: 'ok',
    output_bytes: 9,
    output_digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    duration_ms: expect.any(Number),
  });
  expect(JSON.stringify([begun, done])).not.toMatch(/marmalade|chutney/);
});

test('a model is told with its name and what it used', async () => {
  const { capabilities } = createFakeDrivers(new Map());
  const ai = {
    ...capabilities.ai,
    complete: async () => ({ text: 'hi', model: 'small-1', usage: { total_tokens: 7 }, finish_reason: 'stop' }),
  } as NonNullable<typeof capabilities.ai>;
  const { open, store } = createBench(
    { ask: (context) => context.use('ai.complete', { model: 'small', messages: [] }) },
    { capabilities: { ...capabilities, ai } },
  );
  const ref = refOf(await runToEnd(keep(open()), 'ask'));
  const [, begun, done] = await eventsOf(store, ref);
  expect(begun).toMatchObject({ event_type: 'model.call.started', actor: 'model', attrs: { model: 'small' } });
  expect(done).toMatchObject({
    event_type: 'model.call.finished',
    actor: 'model',
    attrs: { model: 'small-1', usage: { total_tokens: 7 }, finish_reason: 'stop', status: 'ok' },
  });
});

describe('what the guard refuses', () => {
  const refusing =
    (to: string, error: PypesError): Policy =>
    (call, next) =>
      call.to === to ? Promise.reject(error) : next(call);
  test.each([
    ['policy_denied', { policy: 'allow' }, ['policy.violation inner']],
    ['forbidden', {}, ['policy.violation inner']],
    ['rate_limited', { policy: 'rate' }, ['policy.budget_exceeded inner']],
    ['too_large', { limit: 'argument_bytes', maximum: 1 }, ['policy.budget_exceeded inner']],
    ['policy_denied', { policy: 'data-budget', limit: 'max_bytes_per_run' }, ['policy.budget_exceeded inner']],
    ['policy_denied', { policy: 'approve', approval: { id: 'a1', state: 'denied' } }, ['approval.denied inner']],
    ['approval_required', { policy: 'approve', approval: { id: 'a1' } }, ['approval.requested inner']],
    ['invalid_input', {}, []],
  ] as const)('with %s %j is blocked, and its rule told', async (code, details, told) => {
    const error = new PypesError(code, 'No', { details });
    const { open, store } = createBench(
      {
        outer: async (context) => {
          await context.call('inner', {}).catch(() => undefined);
          return 1;
        },
        inner: () => 2,
      },
      { policies: [refusing('inner', error)] },
    );
    const ref = refOf(await runToEnd(keep(open()), 'outer'));
    expect(inShort(await eventsOf(store, ref)).slice(1, -1)).toEqual([
      'tool.call.started inner',
      'tool.call.blocked inner',
      ...told,
    ]);
    expect(await store.last(ref, 'calls')).toBe(0);
  });

  test('is told for the run itself too, which has no call of its own', async () => {
    const error = new PypesError('policy_denied', 'No', { details: { policy: 'allow' } });
    const { open, store } = createBench({ outer: () => 1 }, { policies: [refusing('outer', error)] });
    const ref = refOf(await runToEnd(keep(open()), 'outer'));
    expect(inShort(await eventsOf(store, ref))).toEqual(['run.started', 'policy.violation outer', 'run.failed']);
    const small = createBench({ outer: () => 'x'.repeat(100) }, { limits: { outputBytes: 50 } });
    const over = refOf(await runToEnd(keep(small.open()), 'outer'));
    expect(inShort(await eventsOf(small.store, over))).toEqual([
      'run.started',
      'policy.budget_exceeded outer',
      'run.failed',
    ]);
  });

  test('after the answer is blocked, while what fails by itself is not', async () => {
    const after: Policy = async (call, next) => {
      const reply = await next(call);
      if (call.to === 'tells') throw new PypesError('policy_denied', 'Not this answer', { details: { policy: 'dlp' } });
      return reply;
    };
    const { open, store } = createBench(
      {
        outer: async (context) => {
          for (const name of ['tells', 'fails']) await context.call(name, {}).catch(() => undefined);
          return 1;
        },
        tells: () => 2,
        fails: () => {
          throw new PypesError('policy_denied', 'My own words');
        },
      },
      { policies: [after] },
    );
    const ref = refOf(await runToEnd(keep(open()), 'outer'));
    expect(inShort(await eventsOf(store, ref)).slice(1, -1)).toEqual([
      'tool.call.started tells',
      'tool.call.blocked tells',
      'policy.violation tells',
      'tool.call.started fails',
      'tool.call.finished fails',
    ]);
  });
});

test("a person's yes is asked for and told, for this run alone", async () => {
  const store = createMemoryApprovalStore();
  let ids = 0;
  const requests: Approval[] = [];
  const ask = createAsk({
    store,
    now: Date.now,
    newId: () => `request-${++ids}`,
    policyVersion: '1',
    onRequest: (request) => requests.push(request),
    wait: async () => {
      const [request] = requests as [Approval];
      await store.replace(request, { ...request, state: 'granted', approver: 'Ann' });
    },
  });
  const bench = createBench(
    { outer: (context) => context.call('mail', {}), mail: () => 'sent' },
    {
      policies: [
        async (call, next) => {
          if (call.to === 'mail') await ask(call, { policy: 'approve', reason: 'It leaves', waitMs: 1_000 });
          return next(call);
        },
      ],
    },
  );
  const record = await runToEnd(keep(bench.open()), 'outer');
  expect(record.result).toBe('sent');
  expect(requests).toMatchObject([{ run: record.run_id }]);
  expect(inShort(await eventsOf(bench.store, refOf(record))).slice(1, -1)).toEqual([
    'tool.call.started mail',
    'approval.granted mail',
    'tool.call.finished mail',
  ]);
});

test('a secret is in no event, no record and no file, and is opened anew by whoever takes over', async () => {
  const pack = '00000000-0000-4000-8000-00000000f01d';
  const grant = { pack_guid: pack, permissions: { vault: ['KEY'] }, granted_at: '2026-01-01T00:00:00Z' };
  const { capabilities, reached } = createFakeDrivers(new Map([[pack, grant]]));
  let hangs = true;
  const { open, store } = createBench(
    {
      outer: async (context) => {
        const secret = await context.use('vault.get', { name: 'KEY' });
        context.log('info', `I have ${secret}`);
        const echoed = await context.call('echo', { secret });
        await context.use('objects.put', { name: 'o', text: `It is ${secret}` });
        const plain = await context.call('echo', { a: 1 });
        if (hangs) await new Promise(() => undefined);
        return [echoed, plain];
      },
      echo: (_context, args) => args,
    },
    { capabilities },
  );
  const mortal = createMortalStore(store);
  const first = open({ store: mortal.store, leaseMs: 50 });
  const ref = refOf(await first.create({ agent: 'outer', input: {} }));
  await until(async () => (await store.last(ref, 'calls')) === 4);
  mortal.kill();
  hangs = false;
  const runs = keep(open({ leaseMs: 50 }));
  const record = await ended(runs, ref);
  expect(record.result).toEqual([{ secret: '[secret KEY]' }, { a: 1 }]);
  const written = [
    JSON.stringify(record),
    ...(await store.read(ref, 'events', 0, 100)),
    ...(await store.read(ref, 'calls', 0, 100)),
  ];
  for await (const chunk of await runs.bundle(ref)) written.push(new TextDecoder().decode(chunk));
  expect(written.join('\n')).not.toContain(SECRET);
  expect(reached.filter((each) => each === 'vault')).toHaveLength(2);
  const calls = (await store.read(ref, 'calls', 0, 100)).map((line) => JSON.parse(line));
  expect(calls.find(({ to }) => to === 'context.vault.get')).toMatchObject({ redacted: true });
  expect(calls.filter(({ args }) => args.a === 1)).toHaveLength(1);
  expect((await runs.artifacts(ref)).some(({ path }) => path.startsWith('files/'))).toBe(false);
  const shown = JSON.parse(await textOf((await runs.artifact(ref, 'tool_calls.json')).body));
  expect(shown.map(({ call }: { call: number }) => call)).toEqual([1, 2, 3, 4]);
});

test('arguments that are large are known by their digest, and what cannot be written is refused like anywhere', async () => {
  const { open, store } = createBench({
    outer: async (context) => {
      await context.call('size', { text: 'x'.repeat(100_000) });
      let deep: Json = 1;
      for (let level = 0; level < 20_000; level++) deep = [deep];
      return context.call('size', { deep }).then(String, (error: PypesError) => error.code);
    },
    size: (_context, { text }) => String(text).length,
  });
  const record = await runToEnd(keep(open()), 'outer');
  expect(record.result).toBe('too_large');
  const [line] = await store.read(refOf(record), 'calls', 0, 10);
  expect(JSON.parse(line ?? '')).toMatchObject({ args: {}, args_omitted: { bytes: 100_011 }, output: 100_000 });
  expect(line?.length).toBeLessThan(1_000);
});

test('progress that nobody could follow is told as it is in the end', async () => {
  const store = createMemoryRunStore();
  const slow = {
    ...store,
    append: async (...given: Parameters<typeof store.append>) => {
      await new Promise((later) => setTimeout(later, 5));
      return store.append(...given);
    },
  };
  const { open } = createBench(
    {
      busy: async (context) => {
        for (let n = 0; n < 20_000; n++) {
          context.progress(n / 20_000);
          if (n % 1_000 === 0) await new Promise((turn) => setTimeout(turn, 1));
        }
        context.progress(1);
        return null;
      },
    },
    { store: slow },
  );
  const ref = refOf(await runToEnd(keep(open()), 'busy'));
  const events = await eventsOf(store, ref);
  expect(events.length).toBeLessThan(5_000);
  expect(events.at(-2)?.attrs.fraction).toBe(1);
});

test('calls wait where more is told than can be stored', async () => {
  const store = createMemoryRunStore();
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const stuck = {
    ...store,
    append: async (...given: Parameters<typeof store.append>) => {
      await held;
      return store.append(...given);
    },
  };
  let called = false;
  const { open } = createBench(
    {
      talk: async (context) => {
        await context.call('more', {});
        await context.call('more', {});
        return context.call('last', {});
      },
      more: (context) => {
        for (let n = 0; n < 900; n++) context.log('info', `line ${n}`);
        return null;
      },
      last: () => {
        called = true;
        return 1;
      },
    },
    { store: stuck },
  );
  const runs = keep(open());
  const ref = refOf(await runs.create({ agent: 'talk', input: {} }));
  await new Promise((later) => setTimeout(later, 50));
  expect(called).toBe(false);
  release();
  expect(await ended(runs, ref)).toMatchObject({ status: 'finished' });
  expect(await store.last(ref, 'events')).toBe(2 + 6 + 1_800);
});

describe('a blueprint', () => {
  test('is told by its steps, answered from the record, and its skipped steps are told', async () => {
    const performed: string[] = [];
    const bench = createBench({
      fetch: (_context, { of }) => {
        performed.push(String(of));
        return `about ${of}`;
      },
    });
    let hangs = true;
    const blueprints = {
      find: async () => ({ blueprint: 'sha256:0' }),
      start: async (_name: string, { input, around, onStep, onEvent, signal, run }: BlueprintStart) => {
        const outputs = [];
        for (const [step, digest] of [
          ['one', 'sha256:e42d6e2b1c2d2f1f1d1b4bb0cbbbf0a9c1a2b3c4d5e6f708192a3b4c5d6e7f80'],
          ['two', undefined],
        ] as const) {
          const args = { of: `${step} ${String(input.of)}` };
          const { digestOfValue } = await import('../../blueprints/run/engine/events.ts');
          const wanted = digest === undefined ? await digestOfValue(args) : digest;
          onStep({ type: 'step.started', time: 0, step, attempt: 1, input: wanted });
          outputs.push(await bench.host.call('fakes', { agent: 'fetch', args, around, onEvent, signal, scope: run }));
        }
        onStep({ type: 'step.settled', time: 0, step: 'three', status: 'skipped' });
        if (hangs) await new Promise((_done, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
        return outputs;
      },
    };
    const runs = bench.open({ blueprints });
    const ref = refOf(await runs.create({ blueprint: 'both', input: { of: 'x' } }));
    await until(async () => (await bench.store.last(ref, 'calls')) === 2);
    await runs.close(0);
    hangs = false;
    const record = await ended(keep(bench.open({ blueprints })), ref);
    expect(record).toMatchObject({
      status: 'finished',
      result: ['about one x', 'about two x'],
      versions: { blueprint: 'sha256:0' },
    });
    expect(performed).toEqual(['one x', 'two x']);
    const events = (await eventsOf(bench.store, ref)).filter(({ attrs }) => attrs.attempt === undefined);
    expect(events.map(({ event_type: type, attrs }) => [type, attrs.step])).toEqual([
      ['tool.call.started', undefined],
      ['tool.call.finished', undefined],
      ['tool.call.started', 'two'],
      ['tool.call.finished', undefined],
      ['log', 'three'],
    ]);
  });

  test('that waits for a person says so once', async () => {
    const bench = createBench({});
    const request = { id: 'r1', tool: 'mail', from: 'workflow', policy: 'approve', reason: 'It leaves' } as Approval;
    const blueprints = {
      find: async () => ({}),
      start: async (_name: string, { onApproval }: BlueprintStart) => {
        onApproval(request);
        onApproval(request);
        return 1;
      },
    };
    const runs = keep(bench.open({ blueprints }));
    const ref = refOf(await runs.create({ blueprint: 'b', input: {} }));
    await ended(runs, ref);
    expect(inShort(await eventsOf(bench.store, ref))).toEqual([
      'run.started',
      'approval.requested mail',
      'run.finished',
    ]);
  });
});
