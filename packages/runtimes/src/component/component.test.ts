// Components through the runtime: what their WIT says is what can be called, and nothing that they do hurts others.
import { DEFAULT_LIMITS, type JsonObject, type LoadedAgent, PypesError } from '@pypes/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestContext, type TestContextOptions } from '../testing/context.ts';
import { sourceFile } from '../testing/source-file.ts';
import { createComponentRuntime } from './index.ts';
import { hosted } from './testing/hosted.ts';
import { counters, counterUser, twoVersions } from './testing/resources.ts';
import { asking, plain } from './testing/skills.ts';
import { HAS_THREADS } from './testing/threads.ts';

const runtime = createComponentRuntime();
const agents = new Map<string, LoadedAgent>();

beforeAll(async () => {
  for (const agent of await runtime.load(sourceFile('plain.wasm', await plain()), DEFAULT_LIMITS)) {
    agents.set(agent.metadata.name, agent);
  }
});
afterAll(() => runtime.close());

function call(name: string, args: JsonObject = {}, options: TestContextOptions = {}) {
  const agent = agents.get(name);
  if (agent === undefined) throw new Error(`There is no ${name}`);
  return agent.run(createTestContext({ agent: name, ...options }), args);
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    (value) => ({ value }),
    (error: unknown) => (error instanceof PypesError ? { code: error.code, details: error.details } : { error }),
  );

describe('metadata', () => {
  it('has an agent for each exported function', () => {
    expect([...agents.keys()].sort()).toEqual(
      ['check', 'direct', 'double', 'echo', 'garbage', 'grow', 'move', 'paint', 'same', 'spin', 'trap'].sort(),
    );
    expect(agents.get('move')?.metadata).toMatchObject({
      name: 'move',
      wit: 'test:plain/api@1.0.0#move',
      parameters: { type: 'object', required: ['p'] },
    });
  });
});

describe('calls', () => {
  it.each([
    ['echo', { text: 'hé 👋' }, 'hé 👋'],
    ['double', { n: 21 }, 42],
    ['double', { n: '4611686018427387905' }, '9223372036854775810'],
    ['move', { p: { x: 1, y: 2.5 } }, { x: 2, y: 2.5 }],
    ['same', { points: [{ x: 1, y: 2 }] }, [{ x: 1, y: 2 }]],
    ['check', { n: 5 }, 5],
    ['direct', { x: 3 }, 3],
    ['direct', {}, 7],
  ])('%s %j gives %j', async (name, args, expected) => {
    expect(await call(name, args as JsonObject)).toEqual(expected);
  });

  it('fails with the error that the function says it gives', async () => {
    const failed = await codeOf(call('check', { n: -1 }));
    expect(failed).toMatchObject({ code: 'handler_failed', details: { payload: 'negative' } });
  });

  it.each([
    ['echo', { text: 5 }],
    ['double', { n: -1 }],
    ['double', { n: 1.5 }],
    ['move', { p: { x: 1 } }],
    ['echo', {}],
  ])('refuses %s %j', async (name, args) => {
    expect(await codeOf(call(name, args as JsonObject))).toMatchObject({ code: 'invalid_input' });
  });
});

describe('a component that misbehaves', () => {
  it('is contained when it traps, and callable again', async () => {
    expect(await codeOf(call('trap'))).toMatchObject({ code: 'handler_failed' });
    expect(await call('echo', { text: 'on' })).toBe('on');
  });

  it('is refused a string outside of its memory, and an enum case that there is not', async () => {
    expect(await codeOf(call('garbage'))).toHaveProperty('code');
    expect(await codeOf(call('paint'))).toHaveProperty('code');
    expect(await call('echo', { text: 'on' })).toBe('on');
  });

  it('grows to its limit and no further', async () => {
    const most = DEFAULT_LIMITS.guestBytes / 65_536;
    expect(await call('grow')).toBeLessThanOrEqual(most);
    expect(await call('grow')).toBeGreaterThan(most - 16);
  });

  it.skipIf(!HAS_THREADS)('is stopped when it is canceled, while others go on (needs threads)', async () => {
    const context = createTestContext({ agent: 'spin' });
    const spinning = codeOf(agents.get('spin')!.run(context, {}));
    expect(await call('echo', { text: 'meanwhile' })).toBe('meanwhile');
    context.abort();
    expect(await spinning).toMatchObject({ code: 'canceled' });
    expect(await call('echo', { text: 'after' })).toBe('after');
  });

  it('is stopped at its limit of processor time', async () => {
    const limits = { ...DEFAULT_LIMITS, cpuMs: 200 };
    const loaded = await runtime.load(sourceFile('plain.wasm', await plain()), limits);
    const spin = loaded.find(({ metadata }) => metadata.name === 'spin');
    expect(await codeOf(spin!.run(createTestContext({ agent: 'spin' }), {}))).toMatchObject({
      code: 'resource_exhausted',
      details: { limit: 'cpu_ms', maximum: 200 },
    });
  });
});

describe('imports', () => {
  it('of another component are calls by the name that the WIT gives', async () => {
    const [total] = await runtime.load(sourceFile('asking.wasm', await asking()), DEFAULT_LIMITS);
    const calls: unknown[] = [];
    const context = createTestContext({
      agent: 'total',
      onCall: async (name, args) => {
        calls.push([name, args]);
        if (args.symbol === 'bad') throw new PypesError('handler_failed', 'No', { details: { payload: 'unknown' } });
        return '18446744073709551615';
      },
    });
    expect(await total!.run(context, { symbol: 'ACME' })).toBe('18446744073709551615');
    expect(calls).toEqual([['test:asking/prices@1.0.0#get', { symbol: 'ACME' }]]);
    expect(await codeOf(total!.run(context, { symbol: 'bad' }))).toMatchObject({ details: { payload: 'unknown' } });
  });
});

async function loadAll(name: string, bytes: Promise<Uint8Array>) {
  const loaded = await runtime.load(sourceFile(name, await bytes), DEFAULT_LIMITS);
  return (agent: string, args: JsonObject = {}, options: TestContextOptions = {}) => {
    const found = loaded.find(({ metadata }) => metadata.name === agent || metadata.wit === agent);
    if (found === undefined) throw new Error(`There is no ${agent}`);
    return found.run(createTestContext({ agent: found.metadata.name, ...options }), args);
  };
}

describe('resources', () => {
  it('are handles that belong to one user, and end', async () => {
    const use = await loadAll('counters.wasm', counters());
    const ann = { userGuid: 'ann' };
    const [a, b] = [await use('new-counter', { start: 3 }, ann), await use('new-counter', { start: 10 }, ann)];
    expect(await use('counter-increment', { self: a } as JsonObject, ann)).toBe(4);
    expect(await codeOf(use('counter-increment', { self: a } as JsonObject, { userGuid: 'bob' }))).toMatchObject({
      code: 'invalid_input',
    });
    const sameElsewhere = { ...ann, tenant: 'acme' };
    expect(await codeOf(use('counter-increment', { self: a } as JsonObject, sameElsewhere))).toMatchObject({
      code: 'invalid_input',
    });
    expect(await use('peek', { c: b } as JsonObject, ann)).toBe(10);
    const sum = await use('counter-sum', { a, b } as JsonObject, ann);
    expect(await use('peek', { c: sum } as JsonObject, ann)).toBe(14);
    expect(await codeOf(use('peek', { c: a } as JsonObject, ann))).toMatchObject({ code: 'invalid_input' });
    expect(await use('dropped', {}, ann)).toBe(2);
    await use('drop-counter', { self: sum } as JsonObject, ann);
    expect(await use('dropped', {}, ann)).toBe(3);
    expect(await codeOf(use('peek', { c: sum } as JsonObject, ann))).toMatchObject({ code: 'invalid_input' });
    expect(await codeOf(use('peek', { c: 'guessed' }, ann))).toMatchObject({ code: 'invalid_input' });
  });

  it('are used from another component through calls, each of which the host sees', async () => {
    const provider = await loadAll('counters.wasm', counters());
    const consumer = await loadAll('user.wasm', counterUser());
    const seen: string[] = [];
    const onCall: TestContextOptions['onCall'] = async (name, args) => {
      seen.push(name);
      return provider(name, args);
    };
    expect(await consumer('twice', { start: 5 }, { onCall })).toBe(7);
    await new Promise((later) => setTimeout(later, 100));
    const home = 'test:res/counting@1.0.0';
    const increment = `${home}#[method]counter.increment`;
    expect(seen.slice(0, 3)).toEqual([`${home}#[constructor]counter`, increment, increment]);
    expect(await provider('dropped')).toBe(1);
  });
});

describe('two versions of one import', () => {
  it('stay apart', async () => {
    const use = await loadAll('two.wasm', twoVersions());
    const onCall: TestContextOptions['onCall'] = async (name) => (name === 'dep:lib/api@1.0.0#f' ? 4 : 2);
    expect(await use('both', {}, { onCall })).toBe(42);
  });
});

describe('the host', () => {
  it('gives log, progress, memory and every operation of context', async () => {
    const use = await loadAll('hosted.wasm', hosted());
    const context = createTestContext({ agent: 'remember' });
    const [remember] = await runtime.load(sourceFile('hosted.wasm', await hosted()), DEFAULT_LIMITS);
    expect(await remember!.run(context, { key: 'city', value: '"Oslo"' })).toBe(null);
    expect(context.logs).toEqual([{ level: 'warn', message: 'city', data: 'Oslo' }]);
    expect(context.progresses).toEqual([{ fraction: 0.5 }]);
    expect(await remember!.run(context, { key: 'city', value: '"Bergen"' })).toBe('"Oslo"');
    const asked = await codeOf(use('ask', { operation: 'no.such', parameters: '{}' }));
    expect(asked).toMatchObject({ code: 'handler_failed', details: { payload: { code: 'unsupported' } } });
  });
});
