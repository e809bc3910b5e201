// Whatever a module does without an end, its fuel ends; and it never comes back by itself.
import { setFlagsFromString } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { type Metered, startMetered } from './testing/run.ts';

// Later engines have it without being told.
setFlagsFromString('--experimental-wasm-exnref');

const SOME = 1_000_000n;
const FINE = '(func (export "fine") (result i32) (i32.const 7))';

function expectToEnd({ fuel, call }: Metered): void {
  fuel.value = SOME;
  expect(call('fine')).toBe(7);
  expect(() => call('run')).toThrow(WebAssembly.RuntimeError);
  expect(fuel.value).toBeLessThan(0n);
  for (const name of ['fine', 'run', 'fine']) {
    expect(() => call(name)).toThrow(WebAssembly.RuntimeError);
    expect(fuel.value).toBeLessThan(0n);
  }
  fuel.value = SOME;
  expect(call('fine')).toBe(7);
}

describe('what has no end', () => {
  it.each([
    ['a loop', '(func (export "run") (loop (br 0)))'],
    [
      'a loop with a long way round',
      `(func (export "run") (loop (block ${'(drop (i32.const 1))'.repeat(500)}) (br 0)))`,
    ],
    ['a loop in a loop', '(func (export "run") (loop (loop (br_if 0 (i32.const 1))) (br 0)))'],
    ['a loop by a table of labels', '(func (export "run") (loop (block (br_table 0 1 0 1 1 (i32.const 1)))))'],
    ['a loop by a null', '(func (export "run") (loop (br_on_null 0 (ref.null func)) (drop)))'],
    [
      'a loop by a cast',
      '(func (export "run") (loop (param) (block (result anyref) (br_on_cast 0 anyref i31ref (ref.i31 (i32.const 1)))) (drop) (br 0)))',
    ],
    ['a loop that carries values', '(func (export "run") (i32.const 1) (loop (param i32) (br 0)))'],
    ['a loop in a function that is called', '(func $loop (loop (br 0))) (func (export "run") (call $loop))'],
    [
      'calls that double',
      `(func $double (param i32) (if (local.get 0) (then
         (call $double (i32.sub (local.get 0) (i32.const 1))) (call $double (i32.sub (local.get 0) (i32.const 1))))))
       (func (export "run") (call $double (i32.const 60)))`,
    ],
    [
      'calls of each other',
      `(func $a (param i32) (if (local.get 0) (then (call $b (local.get 0)) (call $b (i32.sub (local.get 0) (i32.const 1))))))
       (func $b (param i32) (if (local.get 0) (then (call $a (i32.sub (local.get 0) (i32.const 1))))))
       (func (export "run") (call $a (i32.const 90)))`,
    ],
    ['a tail call', '(func $run (export "run") (return_call $run))'],
    ['tail calls of each other', '(func $a (export "run") (return_call $b)) (func $b (return_call $a))'],
    [
      'a tail call through a table',
      '(type $t (func)) (table funcref (elem $run)) (func $run (export "run") (return_call_indirect (type $t) (i32.const 0)))',
    ],
    [
      'a tail call by reference',
      '(type $t (func)) (elem declare func $run) (func $run (export "run") (return_call_ref $t (ref.func $run)))',
    ],
    [
      'a loop in a handler',
      '(tag $t) (func (export "run") (block (try_table (catch_all 0) (throw $t))) (loop (br 0)))',
    ],
    [
      'a loop within a handler',
      '(func (export "run") (loop $more (block (try_table (catch_all 0) (loop (br 0)))) (br $more)))',
    ],
    [
      'a loop by exceptions',
      '(tag $t) (func (export "run") (loop $more (block (try_table (catch_all $more) (throw $t)))))',
    ],
  ])('%s', async (_name, code) => expectToEnd(await startMetered(`${FINE} ${code}`)));

  it('calls without a bound end, by the stack or by the fuel', async () => {
    const { fuel, call } = await startMetered('(func $a (export "run") (call $b)) (func $b (call $a))');
    fuel.value = 1000n;
    expect(() => call('run')).toThrow(WebAssembly.RuntimeError);
    fuel.value = 10n ** 12n;
    expect(() => call('run')).toThrow();
  });

  it('a start function', async () => {
    await expect(startMetered('(func $start (loop (br 0))) (start $start)')).rejects.toThrow(WebAssembly.RuntimeError);
  });
});

describe('what is long by itself', () => {
  const memory = '(memory 16 16) (data $d "0123456789abcdef")';
  const table = '(table $t 1000 100000 funcref) (elem $e func $f) (func $f)';
  const array = '(type $a (array (mut i32))) (type $b (array (mut i8))) (data $d "0123456789abcdef")';
  // With what each works on, the fuel is gone after this many turns, of which none takes a thousand instructions.
  const MOST_TURNS = 100;
  it.each([
    ['memory.fill', memory, '(memory.fill (i32.const 0) (i32.const 1) (i32.const 0x100000))'],
    ['memory.copy', memory, '(memory.copy (i32.const 0) (i32.const 1) (i32.const 0xfffff))'],
    ['memory.grow', memory, '(drop (memory.grow (i32.const 100)))'],
    ['memory.fill with 64 bits', '(memory i64 16)', '(memory.fill (i64.const 0) (i32.const 1) (i64.const 0x100000))'],
    ['table.fill', table, '(table.fill $t (i32.const 0) (ref.null func) (i32.const 1000))'],
    ['table.copy', table, '(table.copy $t $t (i32.const 0) (i32.const 1) (i32.const 999))'],
    ['table.grow', table, '(drop (table.grow $t (ref.null func) (i32.const 1000)))'],
    ['array.new', array, '(drop (array.new $a (i32.const 1) (i32.const 10000)))'],
    ['array.new_default', array, '(drop (array.new_default $a (i32.const 10000)))'],
    [
      'array.copy',
      array,
      '(array.copy $a $a (array.new_default $a (i32.const 9999)) (i32.const 0) (array.new_default $a (i32.const 9999)) (i32.const 0) (i32.const 9999))',
    ],
    ['array.new_fixed', array, `(drop (array.new_fixed $a 5000 ${'(i32.const 1)'.repeat(5000)}))`],
  ])('%s', async (_name, definitions, code) => {
    const turns = `(global $turns (export "turns") (mut i32) (i32.const 0))
      (func (export "turns-done") (result i32) (global.get $turns))
      (func (export "run") (loop $more (global.set $turns (i32.add (global.get $turns) (i32.const 1))) ${code} (br $more)))`;
    const metered = await startMetered(`${definitions} ${turns} ${FINE}`);
    expectToEnd(metered);
    metered.fuel.value = SOME;
    expect(metered.call('turns-done')).toBeLessThan(MOST_TURNS);
  });

  it.each([
    ['memory.fill', '(memory 1)', '(memory.fill (i32.const 0) (i32.const 1) (local.get 0))', -1],
    ['memory.fill with 64 bits', '(memory i64 1)', '(memory.fill (i64.const 0) (i32.const 1) (local.get 0))', -1n],
    [
      'memory.fill with one bit',
      '(memory i64 1)',
      '(memory.fill (i64.const 0) (i32.const 1) (local.get 0))',
      -(2n ** 63n),
    ],
    ['memory.copy', '(memory 1)', '(memory.copy (i32.const 0) (i32.const 1) (local.get 0))', -1],
    [
      'memory.copy from narrow to wide',
      '(memory i64 1) (memory 1)',
      '(memory.copy 0 1 (i64.const 0) (i32.const 1) (local.get 0))',
      -1,
    ],
    ['table.fill', '(table 1 funcref)', '(table.fill (i32.const 0) (ref.null func) (local.get 0))', -1],
    [
      'table.fill with 64 bits',
      '(table i64 1 funcref)',
      '(table.fill (i64.const 0) (ref.null func) (local.get 0))',
      -1n,
    ],
    ['array.new', '(type $a (array i8))', '(drop (array.new_default $a (local.get 0)))', -1],
  ])('%s with a length beyond all bounds never adds', async (_name, definitions, code, length) => {
    const type = typeof length === 'bigint' ? 'i64' : 'i32';
    const { fuel, call } = await startMetered(`${definitions} (func (export "run") (param ${type}) ${code})`);
    fuel.value = SOME;
    expect(() => call('run', length)).toThrow(WebAssembly.RuntimeError);
    expect(fuel.value).toBeLessThan(SOME);
  });

  it('memory.grow that fails says so', async () => {
    const { fuel, call } = await startMetered(
      '(memory i64 1) (func (export "run") (param i64) (result i64) (memory.grow (local.get 0)))',
    );
    fuel.value = 10n ** 15n;
    expect(call('run', -1n)).toBe(-1n);
    expect(call('run', 2n ** 40n)).toBe(-1n);
    expect(call('run', 2n)).toBe(1n);
  });
});

describe('fuel stays below zero', () => {
  it('where the host catches the trap and goes on', async () => {
    let calls = 0;
    const again = () => {
      calls++;
      try {
        metered.call('run');
      } catch {
        // As a careless host would.
      }
    };
    const metered = await startMetered(
      `(import "host" "again" (func $again)) ${FINE} (func (export "run") (loop (call $again) (br 0)))`,
      { host: { again } },
    );
    metered.fuel.value = 500n;
    expect(() => metered.call('run')).toThrow();
    expect(metered.fuel.value).toBeLessThan(0n);
    expect(calls).toBeLessThan(500);
  });

  it('however much is asked for, call inside call', async () => {
    let depth = 0;
    const again = () => {
      if (++depth === 3) return;
      try {
        metered.call('run');
      } catch {
        // As a careless host would.
      }
    };
    const metered = await startMetered(
      `(import "host" "again" (func $again)) (memory i64 1)
       (func (export "run") (call $again) (memory.fill (i64.const 0) (i32.const 1) (i64.const -1)))`,
      { host: { again } },
    );
    metered.fuel.value = 10_000n;
    expect(() => metered.call('run')).toThrow(WebAssembly.RuntimeError);
    expect(depth).toBe(3);
    expect(metered.fuel.value).toBeLessThan(0n);
  });
});
