// A real component of another tool, a JavaScript engine with 18 imports of WASI: it runs, and finds nothing of the machine.
import type { Json } from '@pypes/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestContext } from '../../../testing/context.ts';
import { evaluating, stubbed } from '../../testing/evaluating.ts';
import { createHarness, outcomeOf, type Use, type UseOptions } from '../../testing/harness.ts';

const { load, close } = createHarness();
const built = { evaluating: evaluating(), stubbed: stubbed() };
let use: Use;
beforeAll(async () => {
  const { agents, use: found } = await load(built.evaluating);
  expect(agents.map(({ metadata }) => metadata.name)).toEqual(['evaluate']);
  use = found;
}, 60_000);
afterAll(close);

const evaluate = async (code: string, options?: UseOptions): Promise<Json | undefined> => {
  const text = await use('evaluate', { code }, options);
  return text === 'undefined' ? undefined : (JSON.parse(text as string) as Json);
};

describe('a script', () => {
  it('computes, and keeps what it has from one call of a user to the next, never to another user', async () => {
    expect(await evaluate('[1, 2, 3].map((n) => n * 2)')).toEqual([2, 4, 6]);
    const count = 'globalThis.count = (globalThis.count ?? 0) + 1';
    const users = ['ann', 'bob', 'ann', 'ann', 'bob'].map((userGuid) => ({ userGuid }));
    const counts: Json[] = [];
    for (const user of users) counts.push((await evaluate(count, user)) ?? null);
    expect(counts).toEqual([1, 1, 2, 3, 2]);
  });

  it('is callable again after it threw, and begins anew', async () => {
    const ann = { userGuid: 'thrower' };
    await evaluate('globalThis.kept = 1', ann);
    expect(await outcomeOf(evaluate('nothing.there', ann))).toMatchObject({ code: 'handler_failed' });
    expect(await evaluate('typeof kept', ann)).toBe('undefined');
  });

  it('sees the door of its engine nowhere: `init` is no agent', async () => {
    const { agents } = await load(built.stubbed);
    expect(agents.map(({ metadata }) => metadata.name)).toEqual(['evaluate']);
  });

  it('that its WIT describes without `init` agrees with it', async () => {
    const wit = 'package test:stubbed@1.0.0; world stubbed { export evaluate: func(code: string) -> string; }';
    const sibling = async () => new TextEncoder().encode(wit);
    expect((await load(built.stubbed, {}, { sibling })).agents).toHaveLength(1);
  });
});

describe('clocks and chance', () => {
  it('are there', async () => {
    const before = Date.now();
    const now = (await evaluate('Date.now()')) as number;
    expect(now).toBeGreaterThanOrEqual(before - 1_000);
    expect(now).toBeLessThanOrEqual(Date.now() + 1_000);
    expect(await evaluate('wall.now().seconds > 1700000000')).toBe(true);
    expect(await evaluate('(() => { const a = clock.now(); const b = clock.now(); return b >= a; })()')).toBe(true);
    expect(await evaluate('(() => { const n = Math.random(); return n >= 0 && n < 1; })()')).toBe(true);
    const random = async () => evaluate('Array.from(random.getRandomBytes(16)).join()');
    expect(await random()).not.toBe(await random());
  });

  it('where they were left out at the build, end the call and nothing else', async () => {
    const { use: stub } = await load(built.stubbed);
    expect(await stub('evaluate', { code: '1 + 1' })).toBe('2');
    expect(await outcomeOf(stub('evaluate', { code: 'Date.now()' }))).toMatchObject({ code: 'handler_failed' });
    expect(await stub('evaluate', { code: '1 + 1' })).toBe('2');
  });

  it('wait, and let others go on meanwhile', async () => {
    const context = createTestContext({ agent: 'evaluate', userGuid: 'sleeper' });
    const sleeping = outcomeOf(evaluate('clock.subscribeDuration(3_600_000_000_000).block()', { context }));
    expect(await evaluate('1 + 1', { userGuid: 'other' })).toBe(2);
    context.abort();
    expect(await sleeping).toMatchObject({ code: 'canceled' });
    expect(await evaluate('"awake"', { userGuid: 'sleeper' })).toBe('awake');
    expect(await evaluate('clock.subscribeDuration(1_000_000).block()')).toBeUndefined();
    const first =
      'Array.from(poll.poll([clock.subscribeDuration(60_000_000_000), clock.subscribeDuration(1_000_000)]))';
    expect(await evaluate(first)).toEqual([1]);
  });
});

describe('what is printed', () => {
  it('becomes lines of the log', async () => {
    const context = createTestContext({ agent: 'evaluate' });
    const print = (stream: string, text: string) =>
      `${stream}.get${stream[0]?.toUpperCase()}${stream.slice(1)}().blockingWriteAndFlush(bytes(${JSON.stringify(text)}))`;
    await evaluate(`${print('stdout', 'one\ntwo')}; ${print('stderr', 'bad\n')}`, { context });
    expect(context.logs).toEqual([
      { level: 'info', message: 'one' },
      { level: 'warn', message: 'bad' },
      { level: 'info', message: 'two' },
    ]);
  });

  it('is bounded: a flood of it is cut, and harms no one', async () => {
    const limits = { logLines: 10, logLineLength: 100 };
    const { use: flooding } = await load(built.evaluating, limits);
    const context = createTestContext({ agent: 'evaluate' });
    const code =
      'for (let n = 0; n < 10000; n++) stdout.getStdout().blockingWriteAndFlush(bytes("x".repeat(500) + "\\n"))';
    await outcomeOf(flooding('evaluate', { code }, { context }));
    expect(context.logs.length).toBeLessThanOrEqual(limits.logLines + 1);
    for (const { message } of context.logs) expect(message.length).toBeLessThan(200);
  });
});

describe('nothing of the machine', () => {
  it.each([
    ['environment', 'environment.getEnvironment()', []],
    ['arguments', 'environment.getArguments()', []],
    ['working folder', 'environment.initialCwd()', null],
    ['folders', 'preopens.getDirectories()', []],
  ])('is in its %s', async (_name, code, expected) => {
    expect(await evaluate(code)).toEqual(expected);
  });

  it('comes out of its standard input', async () => {
    const read =
      '(() => { try { return stdin.getStdin().blockingRead(10).length; } catch (error) { return (error.payload ?? error).tag; } })()';
    expect(await evaluate(read)).toBe('closed');
  });

  it('is reached by making a file descriptor up', async () => {
    for (const code of [
      'new preopens.Descriptor()',
      'Object.create(Object.getPrototypeOf(preopens)).getDirectories()[0][0].sync()',
      "import('fs').then((fs) => fs.readFileSync('/etc/passwd'))",
      "require('fs')",
      'process.env',
      "fetch('https://example.com/')",
    ]) {
      const found = await outcomeOf(evaluate(code));
      // An import fails later: what it gives now is a promise, which is an empty object.
      if ('value' in found) expect(found.value, code).toEqual({});
      else expect(found, code).toMatchObject({ code: 'handler_failed' });
    }
  });

  it('ends with it: exit ends the call, never the thread', async () => {
    for (const status of ['{ tag: "ok" }', '{ tag: "err" }']) {
      expect(await outcomeOf(evaluate(`exit.exit(${status})`))).toMatchObject({ code: 'handler_failed' });
    }
    expect(await evaluate('1')).toBe(1);
  });
});

describe('limits', () => {
  it('end an endless script', async () => {
    const { use: short } = await load(built.evaluating, { cpuMs: 300 });
    expect(await outcomeOf(short('evaluate', { code: 'for (;;);' }))).toMatchObject({
      code: 'resource_exhausted',
      details: { limit: 'cpu_ms' },
    });
    expect(await short('evaluate', { code: '1' })).toBe('1');
  });

  it('bound its memory', async () => {
    const { use: small } = await load(built.evaluating, { guestBytes: 16 * 1_048_576 });
    const hoard = '(() => { const all = []; for (;;) all.push(new Uint8Array(1e6)); })()';
    expect(await outcomeOf(small('evaluate', { code: hoard }))).toMatchObject({ code: 'handler_failed' });
    expect(await small('evaluate', { code: '1' })).toBe('1');
  });

  it('end a recursion without end', async () => {
    expect(await outcomeOf(evaluate('(function f() { f(); f(); })()'))).toMatchObject({ code: 'handler_failed' });
    expect(await evaluate('1')).toBe(1);
  });
});
