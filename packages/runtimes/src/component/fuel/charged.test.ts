// What runs is charged, whichever way it goes; and what does not run is not, but for a little at each turn.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FUEL_EXPORT, meterModule } from './index.ts';
import { branching, choice } from './testing/branching.ts';

type Exports = {
  readonly run: (ways: number) => void;
  readonly done: WebAssembly.Global<'i32'>;
  readonly turns: WebAssembly.Global<'i32'>;
  readonly [FUEL_EXPORT]: WebAssembly.Global<'i64'>;
};

const MUCH = 10n ** 12n;
/** A few places where ways part and meet, each of which charges for up to 64 instructions that are not done. */
const MOST_FOR_A_TURN = 4 * 64;

function expectCharged(module: Uint8Array<ArrayBuffer>, choices: readonly number[]): void {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(meterModule(module, 'a.wasm')));
  const { run, done, turns, [FUEL_EXPORT]: fuel } = exports as Exports;
  for (const ways of choices) {
    done.value = 0;
    turns.value = 0;
    fuel.value = MUCH;
    run(ways);
    const used = Number(MUCH - fuel.value);
    expect(used).toBeGreaterThanOrEqual(done.value);
    expect(used).toBeLessThanOrEqual(done.value + (turns.value + 1) * MOST_FOR_A_TURN);
  }
}

it('holds for every way through code', () => {
  fc.assert(fc.property(branching(), fc.array(fc.integer(), { minLength: 1, maxLength: 5 }), expectCharged), {
    numRuns: 250,
  });
});

it('holds for every choice of two short ways', () => {
  const counts = [0, 1, 2, 3, 5, 7, 9, 11, 13];
  for (const before of counts) {
    for (const one of counts) for (const other of counts) expectCharged(choice(before, one, other), [0, -1]);
  }
});
