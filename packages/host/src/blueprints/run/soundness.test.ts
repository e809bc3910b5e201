// Static and dynamic agree on real runs: generated blueprints on a host, whose components do by chance whatever they may;
// no step ends with a label that the check did not see coming, and nothing is stopped that the check let pass.
import { isPypesError, type Json, type JsonObject } from '@pypes/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { markOf } from '../../../../guard/src/flow/lattice.ts';
import type { Behaviour } from '../../testing/fake.ts';
import type { ComponentFacts } from '../facts.ts';
import { toGraph } from '../graph/to-graph.ts';
import { checkGraph, FINDING_CODES, flowLabels } from '../guard-check.ts';
import { parseBlueprint } from '../parse-blueprint.ts';
import { randomBlueprint } from '../testing/random-blueprint.suite.ts';
import { machineOf, type TestComponent } from './testing/machine.suite.ts';

const BLUEPRINTS = 120;
const RUNS = 2;
const VALUES: readonly Json[] = [
  'x',
  'y',
  { a: 'x', b: 'y' },
  [],
  ['x'],
  [
    { a: 'x', b: ['y'] },
    { a: 'y', b: 'x' },
  ],
];

test('what happens in a run was among what the check said could happen', { timeout: 120_000 }, async () => {
  const seen = { labels: 0, done: 0, forbidden: 0 };
  await fc.assert(
    fc.asyncProperty(randomBlueprint, fc.integer(), async ({ text, facts }, seed) => {
      const chance = chanceFrom(seed);
      const blueprint = parseBlueprint(text, 'made-up.toml');
      const graph = toGraph(blueprint, facts);
      const allowed = flowLabels(graph);
      const codes = new Set<string>(checkGraph(graph).map(({ code }) => code));
      const components: { [name: string]: TestComponent } = {};
      for (const entry of blueprint.components.values()) {
        const known = facts(entry) as ComponentFacts;
        const imports = Object.keys(known.imports ?? {});
        const does = Object.entries(known.functions).map(([name, { returns }]) => [
          name,
          behaviourOf(imports, chance, returns?.const),
        ]);
        components[entry.name] = { ...known, does: Object.fromEntries(does) };
      }
      const { run, steps, records } = await machineOf(components);
      for (let count = 0; count < RUNS; count++) {
        const input = { a: pick(VALUES, chance), b: pick(VALUES, chance) };
        const allowUnsafe = Object.keys(FINDING_CODES);
        const done = await run(text, input, { facts, allowUnsafe }, 'whole').then(
          () => 1,
          (error: unknown) => (isPypesError(error) ? 0 : Promise.reject(error)),
        );
        seen.done += done;
      }
      const stopped = records.flatMap(({ policies = [] }) => policies).filter(({ policy }) => policy === 'forbid');
      seen.forbidden += stopped.length;
      if (stopped.length > 0) expect({ stopped, found: codes.has('PB201') }).toMatchObject({ found: true });
      for (const event of steps) {
        if (event.type !== 'step.settled' || event.labels === undefined) continue;
        const own = `step:${event.step}`;
        const there = [...allowed].flatMap(([id, labels]) =>
          id === own || id.startsWith(`${own}#`) ? [...labels] : [],
        );
        const got = event.labels.filter((label) => ['private', 'untrusted'].includes(markOf(label)));
        seen.labels += got.length;
        expect({ step: event.step, surprising: got.filter((label) => !there.includes(label)) }).toEqual({
          step: event.step,
          surprising: [],
        });
      }
    }),
    { numRuns: BLUEPRINTS, seed: 11 },
  );
  // The property says something only where much happened.
  expect(seen.labels).toBeGreaterThan(BLUEPRINTS);
  expect(seen.done).toBeGreaterThan(BLUEPRINTS / 4);
  expect(seen.forbidden).toBeGreaterThan(0);
});

/** Calls, remembers and recalls whatever it may, and gives anything; failures of what it tries are its own matter. */
function behaviourOf(imports: readonly string[], chance: () => number, constant: Json | undefined): Behaviour {
  return async (context, args) => {
    const known: Json[] = [args];
    for (let left = Math.floor(chance() * 4); left > 0; left--) {
      const act = Math.floor(chance() * 3);
      const value = pick(known, chance);
      if (act === 0) await context.memory.set('k', value).catch(() => undefined);
      if (act === 1) known.push((await context.memory.get('k').catch(() => undefined)) ?? null);
      if (act === 2 && imports.length > 0) {
        const given: JsonObject = { a: pick(VALUES, chance), b: value };
        known.push(await context.call(pick(imports, chance), given).catch(() => null));
      }
    }
    if (chance() < 0.1) throw new Error('by chance');
    return constant ?? pick([...VALUES, ...known], chance);
  };
}

function pick<T>(items: readonly T[], chance: () => number): T {
  return items[Math.floor(chance() * items.length)] as T;
}

/** Marsaglia's xorshift, so that a failing run can be run again. */
function chanceFrom(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
