// Comparison by example: what an upgrade may change, and why not the rest.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ResolvedWit, TypeDefinition } from '../resolved.ts';
import type { Tree } from '../values/arbitrary.fixture.ts';
import { sameTypes } from './same-types.ts';
import { satisfies } from './version.ts';
import { toWorld, type WorldTree } from './worlds.fixture.ts';
import { compareWorlds } from './worlds.ts';

const world = (
  functions: { readonly [name: string]: readonly [params: { readonly [name: string]: Tree }, result: Tree | null] },
  side: 'imports' | 'exports' = 'exports',
  version = '0.2.1',
): WorldTree => ({
  imports: {},
  exports: {},
  [side]: {
    api: {
      version,
      functions: Object.fromEntries(
        Object.entries(functions).map(([name, [params, result]]) => [name, { params: Object.entries(params), result }]),
      ),
    },
  },
});
const verdict = (a: WorldTree, b: WorldTree): string => compareWorlds(toWorld(a), toWorld(b)).verdict;
const two: Tree = { enum: ['buy', 'sell'] };
const three: Tree = { enum: ['buy', 'sell', 'hold'] };
const small: Tree = { record: [['a', 'u8']] };
const large: Tree = {
  record: [
    ['a', 'u8'],
    ['b', { option: 'u8' }],
  ],
};

describe('an upgrade', () => {
  it('may export more and import less', () => {
    const none: WorldTree = { imports: {}, exports: {} };
    expect(verdict(none, world({ f: [{}, null] }))).toBe('compatible');
    expect(verdict(world({ f: [{}, null] }), none)).toBe('breaking');
    expect(verdict(none, world({ f: [{}, null] }, 'imports'))).toBe('breaking');
    expect(verdict(world({ f: [{}, null] }, 'imports'), none)).toBe('compatible');
  });

  it.each<[string, Tree, Tree, param: string, result: string]>([
    ['adds a case', two, three, 'compatible', 'breaking'],
    ['drops a case', three, two, 'breaking', 'compatible'],
    ['adds an optional field', small, large, 'compatible', 'breaking'],
    ['drops an optional field', large, small, 'breaking', 'compatible'],
    [
      'adds a field',
      small,
      {
        record: [
          ['a', 'u8'],
          ['b', 'u8'],
        ],
      },
      'breaking',
      'breaking',
    ],
    ['makes optional', 'u8', { option: 'u8' }, 'compatible', 'breaking'],
    ['widens a number', 'u32', 'u64', 'breaking', 'breaking'],
    ['nests an option', { option: 'u8' }, { option: { option: 'u8' } }, 'breaking', 'breaking'],
    ['reorders cases', two, { enum: ['sell', 'buy'] }, 'compatible', 'compatible'],
    ['names an alias', 'u8', { alias: 'u8' }, 'equal', 'equal'],
    ['adds a flag', { flags: ['a'] }, { flags: ['a', 'b'] }, 'compatible', 'breaking'],
    ['gives a case a value', { variant: [['a', null]] }, { variant: [['a', 'u8']] }, 'breaking', 'breaking'],
  ])('%s: by variance', (_, was, is, param, result) => {
    expect(verdict(world({ f: [{ p: was }, null] }), world({ f: [{ p: is }, null] }))).toBe(param);
    expect(verdict(world({ f: [{}, was] }), world({ f: [{}, is] }))).toBe(result);
    // An import is called by the component: everything flows the other way.
    expect(verdict(world({ f: [{ p: was }, null] }, 'imports'), world({ f: [{ p: is }, null] }, 'imports'))).toBe(
      result,
    );
    expect(verdict(world({ f: [{}, was] }, 'imports'), world({ f: [{}, is] }, 'imports'))).toBe(param);
  });

  it('may move within a track of versions, exports up and imports down', () => {
    const at = (version: string, side: 'imports' | 'exports') => world({ f: [{}, null] }, side, version);
    expect(verdict(at('0.2.1', 'exports'), at('0.2.3', 'exports'))).toBe('compatible');
    expect(verdict(at('0.2.3', 'exports'), at('0.2.1', 'exports'))).toBe('breaking');
    expect(verdict(at('0.2.3', 'imports'), at('0.2.1', 'imports'))).toBe('compatible');
    expect(verdict(at('0.2.1', 'imports'), at('0.3.0', 'imports'))).toBe('breaking');
    expect([
      satisfies('1.4.0', '1.0.9'),
      satisfies('0.0.2', '0.0.1'),
      satisfies('1.0.0-rc', '1.0.0'),
      satisfies('2.0.0', '1.0.0'),
    ]).toEqual([true, false, false, false]);
  });

  it('says where and what', () => {
    const was = world({ f: [{ p: { list: small } }, null], g: [{}, null] });
    const is = world({ f: [{ p: { list: { record: [['a', 'string']] } } }, null] });
    expect(compareWorlds(toWorld(was), toWorld(is)).reasons).toEqual([
      {
        path: 'export t:api/api@0.2.1 > f > parameter p > item > field a',
        what: 'The type was u8 and is string',
        breaking: true,
      },
      { path: 'export t:api/api@0.2.1 > g', what: 'It was removed', breaking: true },
    ]);
  });
});

describe('resources', () => {
  const withResource = (name: string): { resolved: ResolvedWit; world: number } => {
    const types: readonly TypeDefinition[] = [
      { name, kind: 'resource', owner: { interface: 0 } },
      { name: null, kind: { handle: { own: 0 } }, owner: null },
    ];
    const f = { name: 'f', kind: 'freestanding', params: [{ name: 'r', type: 1 }] } as const;
    const api = { name: 'api', types: { [name]: 0 }, functions: { f }, package: 0 };
    const exports = { 'interface-0': { interface: { id: 0 } } };
    return {
      resolved: {
        worlds: [{ name: 'w', imports: {}, exports, package: 0 }],
        interfaces: [api],
        types,
        packages: [{ name: 't:t', interfaces: { api: 0 }, worlds: { w: 0 } }],
      },
      world: 0,
    };
  };
  it('are the same by name alone', () => {
    expect(compareWorlds(withResource('a'), withResource('a')).verdict).toBe('equal');
    expect(compareWorlds(withResource('a'), withResource('b')).reasons.map(({ path }) => path)).toContain(
      'export t:t/api > f > parameter r',
    );
  });
});

describe('sameTypes', () => {
  it('lets a binary import less, and nothing else', () => {
    const wit = {
      ...world({ f: [{ p: small }, two], g: [{}, null] }, 'imports'),
      exports: world({ h: [{ p: small }, two] }).exports,
    };
    const binary = { ...world({ f: [{ p: small }, two] }, 'imports'), exports: wit.exports };
    expect(sameTypes(toWorld(wit), toWorld(binary, 3))).toEqual({ same: true, reasons: [] });
    expect(sameTypes(toWorld(binary), toWorld(wit)).same).toBe(false);
    expect(sameTypes(toWorld(wit), toWorld({ ...binary, exports: {} })).same).toBe(false);
    expect(
      sameTypes(toWorld(wit), toWorld({ ...binary, exports: world({ h: [{ p: large }, two] }).exports })).same,
    ).toBe(false);
    expect(sameTypes(toWorld({ imports: {}, exports: {} }), toWorld(wit)).same).toBe(true);
  });
});

const FOLDER = join(process.env.PYPES_TEST_DATA ?? '../shared/data', 'wit');

describe.skipIf(!existsSync(FOLDER))('the published goldens (skipped where the data is not there)', () => {
  const files = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith('.wit.json')) : [];
  it.each(files)('%s equals itself', (file) => {
    const resolved = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as ResolvedWit;
    for (const world of resolved.worlds.keys()) {
      expect(compareWorlds({ resolved, world }, { resolved, world })).toEqual({ verdict: 'equal', reasons: [] });
      expect(sameTypes({ resolved, world }, { resolved, world }).same).toBe(true);
    }
  });
});
