// Calls of core modules: failures with what they carry, nothing left for the next call, and what the host gives.
import type { JsonObject, LoadedAgent } from '@pypes/contract';
import { afterAll, describe, expect, it } from 'vitest';
import { createTestContext } from '../../testing/context.ts';
import { createComponentRuntime } from '../index.ts';
import { call, failureOf, loadText, running } from './testing/load.ts';

// One thread, so that a call meets what another one may have left.
const runtime = createComponentRuntime({ threadsPerFile: 1 });
afterAll(() => runtime.close());

const load = (...args: Parameters<typeof running>) => loadText(runtime, running(...args));

describe('a failure of run', () => {
  const failing = (text: string) => load('(call $fail {{text}})', { texts: { text } });

  it.each([
    ['a text', '"No such city"', { message: 'No such city' }],
    ['an object', '{"message":"No","n":1}', { message: 'No', details: { payload: { message: 'No', n: 1 } } }],
    ['another value', '[1]', { details: { payload: [1] } }],
  ])('can be %s', async (_kind, text, expected) => {
    expect(await failureOf(call(await failing(text)))).toMatchObject({ code: 'handler_failed', ...expected });
  });

  it.each(['', '{"message"', '\u0000'])('that is no JSON is said to be none: %j', async (text) => {
    expect(await failureOf(call(await failing(text)))).toMatchObject({ code: 'invalid_output' });
  });

  it('that is a refusal of the host keeps its code', async () => {
    const agent = await load('(call $use {{op}} {{args}})', { imports: ['use'], texts: { op: 'fetch', args: '{}' } });
    expect(await failureOf(call(agent))).toMatchObject({
      code: 'handler_failed',
      message: 'This test was not granted fetch',
      details: { cause: 'policy_denied' },
    });
  });
});

/** Gives how often it was called, as far as it knows. */
const counting = (more = '') => ({
  code: `(global $calls (mut i32) (i32.const 0)) ${more}`,
  run: `(global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (i32.store (i32.const 4) (i32.add (i32.load (i32.const 4)) (i32.const 1)))
    (call $put_number (global.get $calls)) (call $put_number (i32.load (i32.const 4))) (call $done)`,
});

async function thrice(agent: LoadedAgent, ...users: readonly string[]): Promise<unknown[]> {
  const counts: unknown[] = [];
  for (const userGuid of users) counts.push(await call(agent, {}, { userGuid }));
  return counts;
}

describe('an instance', () => {
  it('serves one call', async () => {
    const { code, run } = counting();
    expect(await thrice(await load(run, { code }), 'ann', 'ann', 'bob', 'ann')).toEqual([11, 11, 11, 11]);
  });

  it('serves calls of one user where it can be reset, and never another one', async () => {
    const { code, run } = counting('(func (export "reset") (global.set $out (i32.const 65536)))');
    expect(await thrice(await load(run, { code }), 'ann', 'ann', 'bob', 'ann', 'bob')).toEqual([11, 22, 11, 33, 22]);
  });

  it('is not used again after a trap, nor where its reset traps', async () => {
    const trapping = counting(
      '(func (export "reset") (if (i32.eq (global.get $calls) (i32.const 1)) (then unreachable)))',
    );
    expect(await thrice(await load(trapping.run, { code: trapping.code }), 'ann', 'ann')).toEqual([11, 11]);
    const { code, run } = counting('(func (export "reset"))');
    const agent = await load(`${run.replace('(call $done)', '')} unreachable`, { code });
    for (let n = 0; n < 2; n++) expect(await failureOf(call(agent))).toMatchObject({ code: 'handler_failed' });
  });

  it('starts and is initialized inside of each call', async () => {
    const code = `(global $n (mut i32) (i32.const 0))
      (func $begin (global.set $n (i32.const 4))) (start $begin)
      (func (export "_initialize") (global.set $n (i32.mul (global.get $n) (i32.const 10))))`;
    const agent = await load('(call $put_number (global.get $n)) (call $done)', { code });
    expect(await thrice(agent, 'ann', 'ann')).toEqual([40, 40]);
  });
});

describe('use', () => {
  it('tells who and where', async () => {
    const agent = await load('(call $use {{op}} {{args}})', { imports: ['use'], texts: { op: 'about', args: '{}' } });
    expect(await call(agent, {}, { agent: 'me', userGuid: 'ann', runId: 'r1', packGuid: 'p1' })).toEqual({
      agent: 'me',
      user_guid: 'ann',
      run_id: 'r1',
      pack_guid: 'p1',
    });
  });

  it.each([
    ['an operation that there is not', 'no.such', '{}', 'unsupported'],
    ['parameters that are no object', 'memory.get', '["a"]', 'invalid_input'],
  ])('answers %s with a refusal', async (_what, op, args, code) => {
    const agent = await load('(call $pack (call $at (call $use {{op}} {{args}})) (i32.const 8))', {
      imports: ['use'],
      texts: { op, args },
    });
    expect(await failureOf(call(agent))).toMatchObject({ code: 'invalid_output' });
    const whole = await load('(call $use {{op}} {{args}})', { imports: ['use'], texts: { op, args } });
    expect(await failureOf(call(whole))).toMatchObject({ code: 'handler_failed', details: { cause: code } });
  });

  it('keeps numbers beyond 2^53 as texts, on both ways', async () => {
    const texts = {
      op: 'call',
      args: '{"agent":"other","args":{"n":9007199254740993}}',
      result: '18446744073709551615',
    };
    const agent = await load('(drop (call $use {{op}} {{args}})) (call $pack {{result}})', { imports: ['use'], texts });
    const seen: JsonObject[] = [];
    const onCall = (_agent: string, args: JsonObject) => {
      seen.push(args);
      return null;
    };
    expect(await call(agent, {}, { onCall })).toBe('18446744073709551615');
    expect(seen).toEqual([{ n: '9007199254740993' }]);
  });

  it('suspends a call while others of the same thread go on', async () => {
    const agent = await load('(call $use {{op}} {{args}})', {
      imports: ['use'],
      texts: { op: 'call', args: '{"agent":"other"}' },
    });
    let release: (value: string) => void = () => {};
    const slow = call(
      agent,
      {},
      {
        onCall: () =>
          new Promise<string>((resolve) => {
            release = resolve;
          }),
      },
    );
    expect(await call(agent, {}, { onCall: () => 'quick' })).toBe('quick');
    release('slow');
    expect(await slow).toBe('slow');
  });

  it('ends when the call is stopped', async () => {
    const run = '(loop $again (drop (call $use {{op}} {{args}})) (br $again)) (i64.const 0)';
    const agent = await load(run, { imports: ['use'], texts: { op: 'memory.get', args: '{"key":"a"}' } });
    const context = createTestContext();
    setTimeout(() => context.abort(), 50);
    expect(await failureOf(agent.run(context, {}))).toMatchObject({ code: 'canceled' });
  });
});

describe('now and random', () => {
  it('give the time in milliseconds', async () => {
    const run = '(call $put_number (i32.trunc_f64_u (f64.div (call $now) (f64.const 1000)))) (call $done)';
    const before = Math.floor(Date.now() / 1_000);
    const seconds = await call(await load(run, { imports: ['now'] }));
    expect(seconds).toBeGreaterThanOrEqual(before);
    expect(seconds).toBeLessThanOrEqual(Date.now() / 1_000);
  });

  it('give bytes that differ', async () => {
    const run = `(call $random (i32.const 1000) (i32.const 4))
      (call $put_number (i32.load (i32.const 1000))) (call $done)`;
    const agent = await load(run, { imports: ['random'] });
    const numbers = await Promise.all(Array.from({ length: 8 }, () => call(agent)));
    expect(new Set(numbers).size).toBeGreaterThan(1);
  });
});
