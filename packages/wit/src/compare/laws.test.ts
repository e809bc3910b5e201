// The laws of comparison: it is reflexive, equality symmetric, compatibility transitive and true of values.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WitFunction } from '../resolved.ts';
import { toArena, typeTrees, valuesOf } from '../values/arbitrary.fixture.ts';
import { compileValue } from '../values/value.ts';
import { sameTypes } from './same-types.ts';
import { drawFrom, draws, editTree, editWorld, toWorld, worldTrees } from './worlds.fixture.ts';
import { compareWorlds } from './worlds.ts';

describe('the laws of comparison', () => {
  it('finds a world equal to itself, wherever its types stand', () => {
    fc.assert(
      fc.property(worldTrees, fc.nat(5), (tree, shift) => {
        expect(compareWorlds(toWorld(tree), toWorld(tree, shift))).toEqual({ verdict: 'equal', reasons: [] });
        expect(sameTypes(toWorld(tree), toWorld(tree, shift)).same).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('is symmetric in what it finds equal', () => {
    fc.assert(
      fc.property(worldTrees, draws, (tree, numbers) => {
        const [a, b] = [toWorld(tree), toWorld(editWorld(tree, drawFrom(numbers)))];
        expect(compareWorlds(a, b).verdict === 'equal').toBe(compareWorlds(b, a).verdict === 'equal');
      }),
      { numRuns: 1500 },
    );
  });

  it('is transitive in what it finds compatible', () => {
    let met = 0;
    fc.assert(
      fc.property(worldTrees, draws, draws, (tree, first, second) => {
        const next = editWorld(tree, drawFrom(first));
        const [a, b, c] = [toWorld(tree), toWorld(next), toWorld(editWorld(next, drawFrom(second)))];
        if (compareWorlds(a, b).verdict === 'breaking' || compareWorlds(b, c).verdict === 'breaking') return;
        met++;
        expect(compareWorlds(a, c)).not.toMatchObject({ verdict: 'breaking' });
      }),
      { numRuns: 3000 },
    );
    expect(met).toBeGreaterThan(300);
  });

  it('says compatible only where every value gets through', () => {
    let met = 0;
    const edits = fc.tuple(typeTrees, draws).chain(([tree, numbers]) => {
      const [was, is] = [toArena(tree), toArena(editTree(tree, drawFrom(numbers)))];
      return valuesOf(was.resolved, was.type).map((value) => ({
        tree,
        edited: editTree(tree, drawFrom(numbers)),
        was,
        is,
        value,
      }));
    });
    fc.assert(
      fc.property(edits, ({ tree, edited, was, is, value }) => {
        const world = (type: typeof tree) =>
          toWorld({
            imports: {},
            exports: { x: { version: '1.0.0', functions: { f: { params: [['p', type]], result: null } } } },
          });
        if (compareWorlds(world(tree), world(edited)).verdict === 'breaking') return;
        met++;
        const json = compileValue(was.resolved, was.type).toJson(value);
        expect(compileValue(is.resolved, is.type).checkJson(JSON.parse(JSON.stringify(json)))).toEqual([]);
      }),
      { numRuns: 3000 },
    );
    expect(met).toBeGreaterThan(300);
  });

  it('is linear in types that share their parts', () => {
    const types = Array.from({ length: 60 }, (_, index) => ({
      name: null,
      kind: { tuple: { types: index === 0 ? (['u8', 'u8'] as const) : ([index - 1, index - 1] as const) } },
      owner: null,
    }));
    const f: WitFunction = { name: 'f', kind: 'freestanding', params: [{ name: 'p', type: 59 }] };
    const resolved = {
      worlds: [{ name: 'w', imports: {}, exports: { f: { function: f } }, package: 0 }],
      interfaces: [],
      types,
      packages: [{ name: 't:t', interfaces: {}, worlds: { w: 0 } }],
    };
    expect(compareWorlds({ resolved, world: 0 }, { resolved, world: 0 }).verdict).toBe('equal');
  });
});
