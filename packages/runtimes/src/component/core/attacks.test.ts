// Core modules that mean harm, or are wrong: each is a typed failure of its own call, and the next call is well.
import { DEFAULT_LIMITS } from '@pypes/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createTestContext } from '../../testing/context.ts';
import { createComponentRuntime } from '../index.ts';
import { call, failureOf, loadText, running } from './testing/load.ts';
import type { WatParts } from './testing/wat.ts';

const runtime = createComponentRuntime();
afterAll(() => runtime.close());

let neighbour: Awaited<ReturnType<typeof loadText>>;
beforeAll(async () => {
  neighbour = await loadText(runtime, running('(call $pack (local.get $at) (local.get $length))'));
});
afterEach(async () => {
  expect(await call(neighbour, { text: 'well' })).toEqual({ text: 'well' });
});

const CPU = { cpuMs: 200 };

async function outcome(run: string, parts: Partial<WatParts> = {}, limits = {}) {
  return failureOf(call(await loadText(runtime, running(run, parts), limits), { a: 1 }));
}

describe('results', () => {
  it.each([
    ['out of range', '(i64.const 0xffffffff00000010)'],
    ['one byte too long', '(call $pack (i32.const 262140) (i32.const 5))'],
    ['of a huge length', '(call $pack (i32.const 0) (i32.const 0x7fffffff))'],
    ['of a negative length', '(i64.const -1)'],
    ['of nothing at all', '(i64.const 0)'],
    ['that are empty', '(call $pack (i32.const 16) (i32.const 0))'],
    ['that are zeros', '(call $pack (i32.const 200000) (i32.const 4))'],
    ['that are no UTF-8', '(i32.store (i32.const 0) (i32.const 0x22ff22)) (call $pack (i32.const 0) (i32.const 3))'],
    [
      'that are half of a surrogate pair',
      '(i64.store (i32.const 0) (i64.const 0x2280a0ed22)) (call $pack (i32.const 0) (i32.const 5))',
    ],
    ['that are no JSON', '(call $pack {{words}})'],
    ['with a number that no reader takes', '(call $pack {{infinite}})'],
    [
      'nested without an end',
      '(memory.fill (i32.const 65536) (i32.const 91) (i32.const 60000)) (call $pack (i32.const 65536) (i32.const 60000))',
    ],
  ])('%s', async (_what, run) => {
    const texts = { words: 'hello', infinite: '[1e999]' };
    expect(await outcome(run, { texts })).toMatchObject({ code: 'invalid_output' });
  });

  it('over the limit of output', async () => {
    const run =
      '(memory.fill (i32.const 65536) (i32.const 32) (i32.const 60000)) (call $pack (i32.const 65536) (i32.const 60000))';
    expect(await outcome(run, {}, { outputBytes: 50_000 })).toMatchObject({ code: 'output_too_large' });
  });

  it('may be where the arguments are', async () => {
    expect(await outcome('(call $pack (local.get $at) (local.get $length))')).toEqual({ value: { a: 1 } });
  });
});

describe('alloc', () => {
  const allocating = (body: string) =>
    running('(i64.const 0)').replace(
      '(func $alloc (export "alloc")',
      `(func (export "alloc") (param i32) (result i32) ${body}) (func $alloc`,
    );

  it.each([
    ['gives nothing', '(i32.const 0)'],
    ['gives an address beyond the memory', '(i32.const 0x7fffffff)'],
    ['gives a negative address', '(i32.const -1)'],
    ['gives the last byte', '(i32.const 262143)'],
    ['traps', 'unreachable'],
    ['divides by zero', '(i32.div_u (i32.const 1) (i32.const 0))'],
    ['asks for more stack than there is', '(call 0 (i32.const 1))'],
  ])('that %s', async (_what, body) => {
    const agent = await loadText(runtime, allocating(body));
    expect(await failureOf(call(agent))).toMatchObject({ code: 'handler_failed' });
  });

  it('that never ends', async () => {
    const agent = await loadText(runtime, allocating('(loop $again (br $again)) (i32.const 0)'), CPU);
    expect(await failureOf(call(agent))).toMatchObject({ code: 'resource_exhausted', details: { limit: 'cpu_ms' } });
  });

  it('that turns bad while the host answers', async () => {
    const text = running('(drop (call $use {{op}} {{args}})) (call $pack {{args}})', {
      imports: ['use'],
      texts: { op: 'about', args: '{}' },
    }).replace(
      '(local.set $at (global.get $top))',
      '(local.set $at (global.get $top)) (if (i32.gt_u (local.get $length) (i32.const 10)) (then (return (i32.const -4))))',
    );
    expect(await failureOf(call(await loadText(runtime, text)))).toMatchObject({ code: 'handler_failed' });
  });

  it('that waits for the host', async () => {
    const text = running('(i64.const 0)', { imports: ['use'], texts: { op: 'about', args: '{}' } });
    const waiting = text.replace(
      '(local.set $at (global.get $top))',
      '(drop (call $use (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))) (local.set $at (global.get $top))',
    );
    expect(await failureOf(call(await loadText(runtime, waiting)))).toMatchObject({ code: 'handler_failed' });
  });
});

describe('imports', () => {
  const all: Partial<WatParts> = { imports: ['log', 'progress', 'use', 'random'] };

  it.each([
    ['a log from beyond the memory', '(call $log (i32.const 1) (i32.const -16) (i32.const 16))'],
    ['a log of a negative length', '(call $log (i32.const 1) (i32.const 16) (i32.const -1))'],
    ['a log of no level', '(call $log (i32.const 9) (i32.const 16) (i32.const 1))'],
    [
      'a log that is no UTF-8',
      '(i32.store8 (i32.const 0) (i32.const 255)) (call $log (i32.const 1) (i32.const 0) (i32.const 1))',
    ],
    [
      'progress that is no number',
      '(call $progress (f64.div (f64.const 0) (f64.const 0)) (i32.const 0) (i32.const 0))',
    ],
    ['progress from beyond the memory', '(call $progress (f64.const 0) (i32.const -1) (i32.const 2))'],
    [
      'use with an operation beyond the memory',
      '(drop (call $use (i32.const -1) (i32.const 9) (i32.const 0) (i32.const 2)))',
    ],
    [
      'use with a name that is too long',
      '(drop (call $use (i32.const 16) (i32.const 5000) (i32.const 0) (i32.const 2)))',
    ],
    [
      'use with parameters beyond the memory',
      '(drop (call $use (i32.const 16) (i32.const 1) (i32.const 262143) (i32.const 2)))',
    ],
    [
      'use with parameters that are no JSON',
      '(drop (call $use (i32.const 16) (i32.const 1) (i32.const 16) (i32.const 1)))',
    ],
    ['random bytes beyond the memory', '(call $random (i32.const 262140) (i32.const 8))'],
    ['random bytes without an end', '(call $random (i32.const 0) (i32.const -1))'],
  ])('%s', async (_what, run) => {
    expect(await outcome(`${run} (call $pack (local.get $at) (local.get $length))`, all)).toMatchObject({
      code: 'handler_failed',
    });
  });

  it('are refused to a start function, which has no memory yet', async () => {
    const code = '(func $begin (call $log (i32.const 1) (i32.const 0) (i32.const 1))) (start $begin)';
    expect(await outcome('(i64.const 0)', { imports: ['log'], code })).toMatchObject({ code: 'handler_failed' });
  });

  it('end the call also where the module catches what they throw', async () => {
    const run = `(block $caught (try_table (catch_all $caught) (call $log (i32.const 9) (i32.const 0) (i32.const 0))))
      (call $pack (local.get $at) (local.get $length))`;
    expect(await outcome(run, { imports: ['log'] })).toMatchObject({ code: 'handler_failed' });
  });

  it('cannot flood the host with progress', async () => {
    const run = '(loop $again (call $progress (f64.const 0.5) (i32.const 0) (i32.const 0)) (br $again)) (i64.const 0)';
    expect(await outcome(run, { imports: ['progress'] })).toMatchObject({
      code: 'resource_exhausted',
      details: { limit: 'log_lines' },
    });
  });
});

describe('what never ends', () => {
  it.each([
    ['run', '(loop $again (br $again)) (i64.const 0)', {}],
    ['run that could wait', '(loop $again (br $again)) (i64.const 0)', { imports: ['use'] as const }],
    ['a start function', '(i64.const 0)', { code: '(func $begin (loop $again (br $again))) (start $begin)' }],
    ['_initialize', '(i64.const 0)', { code: '(func (export "_initialize") (loop $again (br $again)))' }],
    [
      'reset',
      '(call $pack (local.get $at) (local.get $length))',
      { code: '(func (export "reset") (loop $again (br $again)))' },
    ],
  ])('%s', async (_what, run, parts) => {
    expect(await outcome(run, parts, CPU)).toMatchObject({
      code: 'resource_exhausted',
      details: { limit: 'cpu_ms', maximum: 200 },
    });
  });

  it('ends with its deadline, while others go on', async () => {
    const agent = await loadText(runtime, running('(loop $again (br $again)) (i64.const 0)'));
    const context = createTestContext();
    const looping = failureOf(agent.run(context, {}));
    expect(await call(neighbour, { text: 'meanwhile' })).toEqual({ text: 'meanwhile' });
    context.abort();
    expect(await looping).toMatchObject({ code: 'canceled' });
  });
});

describe('memory', () => {
  it('grows to its limit and no further', async () => {
    const run = `(loop $more (br_if $more (i32.ne (memory.grow (i32.const 16)) (i32.const -1))))
      (call $put_number (memory.size)) (call $done)`;
    const pages = DEFAULT_LIMITS.guestBytes / 65_536;
    const { value } = (await outcome(run)) as { readonly value: number };
    expect(value).toBeLessThanOrEqual(pages);
    expect(value).toBeGreaterThan(pages - 16);
  });

  it('of one call after another does not add up', async () => {
    const run = `(drop (memory.grow (i32.const 1000))) (memory.fill (i32.const 65536) (i32.const 1) (i32.const 65000000))
      (call $put_number (memory.size)) (call $done)`;
    const agent = await loadText(runtime, running(run), { guestBytes: 128 * 1024 * 1024 });
    for (let n = 0; n < 40; n++) expect(await call(agent)).toBe(1004);
  });

  it('that data does not fit into fails the call', async () => {
    expect(await outcome('(i64.const 0)', { code: '(data (i32.const 262143) "ab")' })).toMatchObject({
      code: 'handler_failed',
    });
  });

  it('of the stack runs out alone', async () => {
    const code = '(func $deep (param i32) (result i32) (i32.add (i32.const 1) (call $deep (local.get 0))))';
    const run = '(drop (call $deep (i32.const 0))) (i64.const 0)';
    for (const imports of [[], ['use']] as const) {
      expect(await outcome(run, { code, imports })).toMatchObject({ code: 'handler_failed' });
    }
  });

  it('of tables is bounded', async () => {
    const code = '(table $t 1 funcref)';
    const run = `(loop $more (br_if $more (i32.ne (table.grow $t (ref.null func) (i32.const 1000)) (i32.const -1))))
      (call $put_number (table.size $t)) (call $done)`;
    const { value } = (await outcome(run, { code })) as { readonly value: number };
    expect(value).toBeLessThanOrEqual(100_000);
  });
});

describe('traps', () => {
  it.each([
    ['unreachable'],
    ['(drop (i32.div_s (i32.const 1) (i32.const 0)))'],
    ['(drop (i32.load (i32.const -4)))'],
    ['(i64.store (i32.const 0x7ffffff0) (i64.const 1))'],
    ['(throw $mine)'],
  ])('%s', async (trap) => {
    expect(await outcome(`${trap} (i64.const 0)`, { code: '(tag $mine)' })).toMatchObject({ code: 'handler_failed' });
  });

  it('say in which function', async () => {
    const failure = await outcome('(call $inner) (i64.const 0)', { code: '(func $inner unreachable)' });
    expect(failure).toMatchObject({ details: { trace: expect.stringContaining('agents/test.wasm:wasm-function') } });
  });
});

it('is refused when it is loaded where the engine does not take it', async () => {
  const loading = loadText(runtime, running('(i64.const 0)').replace('(i64.const 0)', '(i64.const 0) (i64.const 0)'));
  await expect(loading).rejects.toMatchObject({ code: 'agent_broken' });
});

describe('a call that waited', () => {
  it('is stopped when it computes without end after a later call of its thread has ended', async () => {
    const one = createComponentRuntime({ threadsPerFile: 1 });
    try {
      const text = running(
        '(if (i32.gt_u (local.get $length) (i32.const 2)) (then (drop (call $use {{op}} {{args}})) (loop $more (br $more)))) (call $put {{done}}) (call $done)',
        { imports: ['use'], texts: { op: 'fetch', args: '{}', done: '1' } },
      );
      const agent = await loadText(one, text, CPU);
      let answer: (value: null) => void = () => undefined;
      let wasAsked: () => void = () => undefined;
      const asked = new Promise<void>((done) => {
        wasAsked = done;
      });
      const onUse = () => {
        wasAsked();
        return new Promise<null>((done) => {
          answer = done;
        });
      };
      const waiting = failureOf(call(agent, { loop: true }, { onUse }));
      await asked;
      expect(await call(agent)).toBe(1);
      answer(null);
      expect(await waiting).toMatchObject({ code: 'resource_exhausted', details: { limit: 'cpu_ms' } });
      expect(await call(agent)).toBe(1);
    } finally {
      await one.close();
    }
  });
});
