// A metered module does what the plain one does, and pays for all of it.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FUEL_EXPORT, meterModule } from './index.ts';
import { programs, STEP_COST } from './testing/programs.ts';

type Exports = {
  readonly run: (a: number, b: number) => number;
  readonly memory: WebAssembly.Memory;
  readonly steps: WebAssembly.Global<'i32'>;
  readonly state: WebAssembly.Global<'i32'>;
  readonly [FUEL_EXPORT]: WebAssembly.Global<'i64'>;
};

const MUCH = 10n ** 15n;

function start(module: Uint8Array<ArrayBuffer>): Exports {
  return new WebAssembly.Instance(new WebAssembly.Module(module)).exports as Exports;
}

function outcome({ run, memory, steps, state }: Exports, a: number, b: number) {
  return {
    value: run(a, b),
    steps: steps.value,
    state: state.value,
    memory: Buffer.from(memory.buffer).toString('latin1'),
  };
}

it('holds for whatever module', () => {
  fc.assert(
    fc.property(programs(), fc.integer(), fc.integer(), (module, a, b) => {
      const expected = outcome(start(module), a, b);
      const metered = meterModule(module, 'a.wasm');
      const exports = start(metered);
      exports[FUEL_EXPORT].value = MUCH;
      expect(outcome(exports, a, b)).toStrictEqual(expected);

      const used = MUCH - exports[FUEL_EXPORT].value;
      expect(used).toBeGreaterThanOrEqual(BigInt(expected.steps * STEP_COST));
      const enough = start(metered);
      enough[FUEL_EXPORT].value = used;
      expect(outcome(enough, a, b)).toStrictEqual(expected);
      const tooLittle = start(metered);
      tooLittle[FUEL_EXPORT].value = used - 1n;
      expect(() => tooLittle.run(a, b)).toThrow(WebAssembly.RuntimeError);
      expect(tooLittle[FUEL_EXPORT].value).toBeLessThan(0n);
    }),
    { numRuns: 300 },
  );
});
