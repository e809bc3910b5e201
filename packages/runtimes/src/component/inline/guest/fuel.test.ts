// The fuel of one instance: what its modules use and what is done for them come out of one whole.
import { describe, expect, it } from 'vitest';
import { assemble } from '../../core/testing/assemble.ts';
import { meterModule } from '../../fuel/index.ts';
import { createMeter } from './fuel.ts';

type Exports = { readonly [name: string]: (n?: number) => void };

const compile = async (text: string) => new WebAssembly.Module(meterModule(await assemble(text), 'a.wasm'));
const LOOP = '(loop $l (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br_if $l (local.get 0)))';

describe('a meter', () => {
  it('lets a call have its fuel, and the next one its own', async () => {
    const module = await compile(`(module (func (export "count") (param i32) ${LOOP}))`);
    const meter = createMeter({ fuel: 100_000, cpuMs: 1, parts: new Map([[module, 1]]) });
    const { count } = meter.instantiate(module, {}).exports as Exports;
    for (let call = 0; call < 20; call++) {
      meter.begin();
      count?.(1_000);
      expect(meter.crossed()).toBeUndefined();
    }
    meter.begin();
    expect(() => count?.(1_000_000)).toThrow(WebAssembly.RuntimeError);
    expect(meter.crossed()).toMatchObject({ limit: 'cpu_ms', maximum: 1 });
    meter.begin();
    expect(meter.crossed()).toBeUndefined();
  });

  it('has them pay for what they have done outside', async () => {
    const module = await compile(`(module (import "e" "f" (func $f)) (func (export "ask") (param i32)
      (loop $l (call $f) (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br_if $l (local.get 0)))))`);
    let asked = 0;
    const meter = createMeter({ fuel: 1_000_000, cpuMs: 1, parts: new Map([[module, 1]]) });
    const { ask } = meter.instantiate(module, { e: { f: () => void asked++ } }).exports as Exports;
    meter.begin();
    expect(() => ask?.(1_000_000)).toThrow(WebAssembly.RuntimeError);
    expect(asked).toBeLessThan(1_000);
    meter.begin();
    meter.spend(2_000_000);
    expect(meter.crossed()).toBeDefined();
  });

  it('gives modules that call each other one whole together', async () => {
    const text = `(module (import "e" "out" (func $out)) (func (export "work") (param i32) ${LOOP} (call $out)))`;
    const modules = await Promise.all([compile(text), compile(text)]);
    const fuel = 10_000_000;
    const meter = createMeter({ fuel, cpuMs: 1, parts: new Map(modules.map((module) => [module, 0.5])) });
    const works = modules.map(
      (module) => meter.instantiate(module, { e: { out: () => {} } }).exports.work as Exports[string],
    );
    meter.begin();
    let rounds = 0;
    expect(() => {
      for (; ; rounds++) works[rounds % 2]?.(100_000);
    }).toThrow(WebAssembly.RuntimeError);
    // A turn takes a few instructions: with a whole for each there would be twice as many.
    expect(rounds * 100_000 * 2).toBeLessThan(fuel);
    expect(rounds).toBeGreaterThan(2);
    expect(meter.crossed()).toBeDefined();
  });

  it('counts few instances, whatever a component makes', async () => {
    const module = await compile('(module (func (export "f")))');
    const meter = createMeter({ fuel: 1_000, cpuMs: 1, parts: new Map([[module, 1]]) });
    for (let made = 0; made < 32; made++) meter.instantiate(module, {});
    expect(() => meter.instantiate(module, {})).toThrow(/core instances/);
  });
});
