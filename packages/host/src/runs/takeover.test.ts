// Workers that die: whoever takes a run over repeats nothing that was said or done, and ends it (spec 5, crash rules).
import type { AgentContext, Approval } from '@pypes/contract';
import type { RunStore } from '@pypes/contract/runs';
import { createAsk } from '@pypes/guard';
import { createMemoryApprovalStore, createMemoryRunStore } from '@pypes/stores/memory';
import { afterEach, describe, expect, test } from 'vitest';
import { deferred } from '../testing/fake.ts';
import { createFakeDrivers } from '../testing/fake-drivers.ts';
import type { Runs } from './index.ts';
import { createBench, createMortalStore, ended, eventsOf, inShort, refOf, until } from './testing/setup.ts';

const opened: Runs[] = [];
const keep = (runs: Runs) => {
  opened.push(runs);
  return runs;
};
afterEach(async () => {
  await Promise.all(opened.splice(0).map((runs) => runs.close(0)));
});

const STEPS = 6;

/** Twenty events: started, a log and a call in each step, finished. */
function twentyEvents(store: RunStore = createMemoryRunStore()) {
  const performed: number[] = [];
  const bench = createBench(
    {
      work: async (context) => {
        let sum = 0;
        for (let n = 1; n <= STEPS; n++) {
          context.log('info', `step ${n}`);
          sum += Number(await context.call('add', { n }));
        }
        return sum;
      },
      add: (_context, { n }) => {
        performed.push(Number(n));
        return n as number;
      },
    },
    { store },
  );
  return { ...bench, performed };
}

const expected = [
  'run.started',
  ...Array.from({ length: STEPS }, (_, n) => [
    `log step ${n + 1}`,
    'tool.call.started add',
    'tool.call.finished add',
  ]).flat(),
  'run.finished',
];

describe('a worker that dies', () => {
  test('after whichever event leaves a run that the next one ends, and nothing of it twice', async () => {
    expect(expected).toHaveLength(20);
    for (let most = 0; most < expected.length; most++) {
      const shared = createMemoryRunStore();
      const { open, performed } = twentyEvents(shared);
      const mortal = createMortalStore(shared);
      // Event by event, and dead before the one after `most` is stored.
      let stored = 0;
      const dying: RunStore = {
        ...mortal.store,
        append: async (ref, stream, lines) => {
          if (stream === 'calls') return mortal.store.append(ref, stream, lines);
          for (const [index, line] of lines.lines.entries()) {
            if (stored === most) mortal.kill();
            if (!(await mortal.store.append(ref, stream, { first: lines.first + index, lines: [line] }))) return false;
            stored += 1;
          }
          return true;
        },
        update: async (before, after, events) => {
          const count = events?.lines.length ?? 0;
          if (stored + count > most) mortal.kill();
          return mortal.store.update(before, after, events);
        },
      };
      // Its lease is over as soon as it has it.
      const first = open({ store: dying, leaseMs: 40 });
      const ref = refOf(await first.create({ agent: 'work', input: {} }));
      const second = keep(open({ leaseMs: 40 }));
      const record = await ended(second, ref);
      const events = await eventsOf(shared, ref);
      expect(record).toMatchObject({ status: 'finished', result: 21, attempt: 2 });
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
      const told = inShort(events).filter((each) => !each.includes('another worker goes on'));
      expect([...told].sort()).toEqual([...expected].sort());
      expect(events.filter(({ attrs }) => attrs.taken_over === true)).toHaveLength(1);
      const calls = (await shared.read(ref, 'calls', 0, 100)).map((line) => JSON.parse(line));
      expect(calls.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6]);
      // What was recorded is not done again; what was under way may be.
      expect(performed.filter((n, index) => performed.indexOf(n) !== index).length).toBeLessThanOrEqual(1);
      await second.close(0);
    }
  }, 60_000);

  test('while others answer it leaves each answer to the call that it belongs to', async () => {
    const gate = deferred();
    let isFirst = true;
    const { open, store } = createBench({
      both: async (context) => {
        const two = await Promise.all([context.call('pick', {}), context.call('pick', {}), context.call('pick', {})]);
        if (isFirst) await gate.promise;
        return two;
      },
      pick: (() => {
        let count = 0;
        return async () => {
          const mine = ++count;
          // Later calls answer first.
          await new Promise((later) => setTimeout(later, 30 - mine * 8));
          return mine;
        };
      })(),
    });
    const mortal = createMortalStore(store);
    const first = open({ store: mortal.store, leaseMs: 50 });
    const ref = refOf(await first.create({ agent: 'both', input: {} }));
    await until(async () => (await store.last(ref, 'calls')) === 3);
    mortal.kill();
    isFirst = false;
    expect(await ended(keep(open({ leaseMs: 50 })), ref)).toMatchObject({ status: 'finished', result: [1, 2, 3] });
    gate.resolve();
  });

  test('again and again fails the run with the reason', async () => {
    const { open, store } = createBench({ never: () => new Promise(() => undefined) });
    const door = keep(open({ works: false }));
    const ref = refOf(await door.create({ agent: 'never', input: {} }));
    for (let attempt = 0; attempt < 3; attempt++) {
      await store.claim(`lost ${attempt}`, { limit: 1, now: Date.now(), leaseMs: -1 });
    }
    const record = await ended(keep(open()), ref);
    expect(record).toMatchObject({
      status: 'failed',
      attempt: 4,
      error: { type: 'resource_exhausted', source: 'agent', details: { limit: 'run_attempts', maximum: 3 } },
    });
    expect(inShort(await eventsOf(store, ref))).toEqual(['run.failed']);
  });

  test('and wakes up writes nothing any more', async () => {
    const gate = deferred();
    let worker = 0;
    const { open, store } = createBench({
      slow: async (context) => {
        const me = ++worker;
        if (me === 1) await gate.promise;
        context.log('info', `worker ${me}`);
        await context.call('echo', { me });
        return me;
      },
      echo: (_context, args) => args,
    });
    // Nobody renews the lease of the first one.
    const zombie = open({
      store: { ...store, renew: () => new Promise(() => undefined) },
      leaseMs: 30,
      owner: 'zombie',
    });
    const ref = refOf(await zombie.create({ agent: 'slow', input: {} }));
    await until(() => worker === 1);
    const record = await ended(keep(open({ owner: 'second', leaseMs: 60 })), ref);
    expect(record).toMatchObject({ status: 'finished', result: 2 });
    const before = [await eventsOf(store, ref), await store.read(ref, 'calls', 0, 100)];
    gate.resolve();
    await until(() => zombie.active === 0);
    expect([await eventsOf(store, ref), await store.read(ref, 'calls', 0, 100)]).toEqual(before);
    expect(await zombie.get(ref)).toEqual(record);
    expect(inShort(before[0] as never)).not.toContain('log worker 1');
    await zombie.close(0);
  });
});

describe('a worker that shuts down', () => {
  test('lets short runs end', async () => {
    const { open } = createBench({ short: () => new Promise((done) => setTimeout(() => done(1), 30)) });
    const runs = open();
    const ref = refOf(await runs.create({ agent: 'short', input: {} }));
    await until(() => runs.active === 1);
    await runs.close(10_000);
    expect(await runs.get(ref)).toMatchObject({ status: 'finished', result: 1 });
  });

  test('gives its runs to the next one at once, as often as it has to', async () => {
    let begun = 0;
    let calls = 0;
    const last = 6;
    const { open, store } = createBench({
      long: async (context) => {
        begun += 1;
        await context.call('once', {});
        if (begun < last) await new Promise(() => undefined);
        return begun;
      },
      once: () => ++calls,
    });
    const hour = { leaseMs: 3_600_000 };
    let runs = open(hour);
    const ref = refOf(await runs.create({ agent: 'long', input: {} }));
    for (let worker = 1; worker < last; worker++) {
      await until(async () => begun === worker && (await store.last(ref, 'calls')) === 1);
      await runs.close(0);
      expect(await runs.get(ref)).toMatchObject({ status: 'running', lease_until: 0 });
      runs = open(hour);
      await runs.recover();
    }
    expect(await ended(keep(runs), ref)).toMatchObject({ status: 'finished', result: last, attempt: last });
    expect(calls).toBe(1);
  });

  test('records what is being done before it gives the run up', async () => {
    const { capabilities, requests, holdEgress } = createFakeDrivers(new Map());
    const gate = deferred();
    holdEgress(gate.promise);
    const { open, store } = createBench(
      { outer: (context) => context.use('fetch', { url: 'https://a.example/', method: 'POST', text: 'pay' }) },
      { capabilities },
    );
    const runs = open();
    const ref = refOf(await runs.create({ agent: 'outer', input: {} }));
    await until(() => requests.length === 1);
    const closed = runs.close(0);
    gate.resolve();
    await closed;
    expect(await store.last(ref, 'calls')).toBe(1);
    const record = await ended(keep(open()), ref);
    expect(record).toMatchObject({ status: 'finished', attempt: 2, result: { text: 'pong' } });
    expect(requests).toHaveLength(1);
  });
});

describe('behind the recorded answers', () => {
  test('a session and a document that was taken out are there for what comes after', async () => {
    const { capabilities, reached } = createFakeDrivers(new Map());
    let isFirst = true;
    const { open, store, host } = createBench(
      {
        work: async (context) => {
          await context.use('session.write', { path: 'a', text: 'x' });
          const counted = await context.memory.checkout();
          await counted.commit({ ...counted.document, count: Number(counted.document.count ?? 0) + 1 });
          if (isFirst) await interrupted(context);
          await context.use('session.read', { path: 'a' });
          await counted.commit({ count: 10 });
          return (await context.memory.get('count')) ?? null;
        },
      },
      { capabilities },
    );
    const mortal = createMortalStore(store);
    const first = open({ store: mortal.store, leaseMs: 50 });
    const ref = refOf(await first.create({ agent: 'work', input: {} }));
    await until(async () => (await store.last(ref, 'calls')) === 3);
    mortal.kill();
    isFirst = false;
    // The call of the dead worker still holds the document.
    void first.close(0);
    const record = await ended(keep(open({ leaseMs: 50 })), ref);
    expect(record.error).toBeUndefined();
    expect(record).toMatchObject({ status: 'finished', result: 10 });
    expect(reached).toEqual(['write', 'write', 'read']);
    expect(host.inFlight).toBe(0);
  });
});

test('a store that fails for a while loses nothing', async () => {
  const { open, store } = createBench({
    work: async (context) => {
      context.log('info', 'one');
      await context.call('echo', {});
      return 1;
    },
    echo: () => 2,
  });
  const troubles: string[] = [];
  let failures = 0;
  const fail = <T>(work: () => Promise<T>, isAfter: boolean): Promise<T> => {
    failures += 1;
    if (failures % 3 === 0) return work();
    // Some of what fails was done all the same.
    if (isAfter && failures % 3 === 1) return work().then(() => Promise.reject(new Error('The answer was lost')));
    return Promise.reject(new Error('No space left'));
  };
  const failing: RunStore = {
    ...store,
    append: (...given) => fail(() => store.append(...given), true),
    update: (...given) => fail(() => store.update(...given), true),
    claim: (...given) => fail(() => store.claim(...given), false),
  };
  const runs = keep(open({ store: failing, leaseMs: 2_000, onTrouble: ({ what }) => troubles.push(what) }));
  const ref = refOf(await runs.create({ agent: 'work', input: {} }));
  await until(async () => {
    await runs.recover();
    return (await runs.get(ref)).status !== 'queued';
  });
  expect(await ended(runs, ref)).toMatchObject({ status: 'finished', result: 1, attempt: 1 });
  expect(inShort(await eventsOf(store, ref))).toEqual([
    'run.started',
    'log one',
    'tool.call.started echo',
    'tool.call.finished echo',
    'run.finished',
  ]);
  expect(new Set(troubles)).toEqual(new Set(['claim', 'append', 'update']));
  await until(() => runs.troubled === 0);
});

function interrupted({ signal }: AgentContext): Promise<never> {
  return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}

test('a call that a person said yes to, and that was performed, is not asked about again', async () => {
  const approvals = createMemoryApprovalStore();
  const gate = deferred();
  const requests: Approval[] = [];
  let [sent, isFirst] = [0, true];
  const ask = createAsk({
    store: approvals,
    now: Date.now,
    newId: () => `request-${requests.length + 1}`,
    policyVersion: '1',
    onRequest: (request) => requests.push(request),
    wait: async (id) => {
      const request = await approvals.get(id);
      if (request !== undefined) await approvals.replace(request, { ...request, state: 'granted', approver: 'Ann' });
    },
  });
  const { open, store } = createBench(
    {
      outer: async (context) => {
        const answer = await context.call('mail', {});
        if (isFirst) await gate.promise;
        // The same call once more is another one: its yes is its own.
        await context.call('mail', {});
        return answer;
      },
      mail: () => {
        sent += 1;
        return `sent ${sent}`;
      },
    },
    {
      policies: [
        async (call, next) => {
          if (call.to === 'mail') await ask(call, { policy: 'approve', reason: 'It leaves', waitMs: 1_000 });
          return next(call);
        },
      ],
    },
  );
  const mortal = createMortalStore(store);
  const first = open({ store: mortal.store, leaseMs: 50 });
  const ref = refOf(await first.create({ agent: 'outer', input: {} }));
  await until(async () => (await store.last(ref, 'calls')) === 1);
  mortal.kill();
  isFirst = false;
  const record = await ended(keep(open({ leaseMs: 50 })), ref);
  gate.resolve();
  expect(record).toMatchObject({ status: 'finished', result: 'sent 1' });
  expect(sent).toBe(2);
  expect(requests).toHaveLength(2);
});
