// Packages together: what they need of each other, gates, worlds and what they include.
import { describe, expect, it } from 'vitest';
import { parseWit } from '../index.ts';
import { errorOf, parseOne } from '../testing/parse-one.ts';

describe('packages', () => {
  it.each([
    ['interface i { use c:d/j.{t}; }', "package 'c:d' not found. known packages:"],
    ['interface i { use c:d/k.{t}; } package c:d { interface j {} }', "interface 'k' not found in package 'c:d'"],
    ['interface i { use c:d/j.{t}; } package c:d { interface j {} }', 'type `t` not defined in interface'],
    [
      'interface i { use c:d/j@1.0.0.{t}; } package c:d@1.0.1 { interface j {} }',
      "package 'c:d@1.0.0' not found. known packages:",
    ],
    ['world w { include c:d/v; } package c:d {}', "world 'v' not found in package 'c:d'"],
    ['interface i { use a:b/i.{t}; }', 'package `a:b` creates a dependency cycle'],
    [
      'interface i { use c:d/j.{t}; } package c:d { interface j { use a:b/i.{t}; } }',
      'package `c:d` creates a dependency cycle',
    ],
    ['package a:b {}', 'package `a:b` is defined in two different locations:'],
    [
      'interface i { use c:d/j.{t}; type h = own<t>; } package c:d { interface j { type t = u8; } }',
      'type used in a handle must be a resource',
    ],
  ])('%s', (items, message) => expect(errorOf(`package a:b; ${items}`).message).toBe(message));

  it('come after those that they need, else by name and version', () => {
    const text = (name: string, needs = '') => ({ path: name, text: `package ${name}; ${needs} interface i {}` });
    const main = text('m:m', 'use z:z/i as other;');
    const others = ['z:z', 'a:a@10.0.0', 'a:a@9.0.0', 'a:a', 'b:b'].map((name) => [text(name)]);
    const { packages } = parseWit([main], { dependencies: others });
    expect(packages.map(({ name }) => name)).toEqual(['a:a', 'a:a@9.0.0', 'a:a@10.0.0', 'b:b', 'z:z', 'm:m']);
  });

  it('may be folders, files, and hold nested ones', () => {
    const { packages } = parseWit([{ path: 'm', text: 'package m:m; interface i { use d:d/x.{t}; use n:n/y.{u}; }' }], {
      dependencies: [
        [
          { path: 'deps/d/2.wit', text: 'interface x { type t = u8; }' },
          { path: 'deps/d/1.wit', text: 'package d:d; package n:n { interface y { type u = u8; } }' },
        ],
      ],
    });
    expect(packages.map(({ name }) => name)).toEqual(['d:d', 'n:n', 'm:m']);
  });
});

describe('gates', () => {
  const gated =
    'package a:b; interface i { @unstable(feature = x) type t = u8; @unstable(feature = x) f: func(a: t); g: func(); }';
  it('leave out what no feature opens', () => {
    expect(parseOne(gated).types).toEqual([]);
    expect(Object.keys(parseOne(gated).interfaces[0]!.functions)).toEqual(['g']);
    for (const features of ['all', ['x']] as const) {
      const { types, interfaces } = parseOne(gated, { features });
      expect(types[0]!.stability).toEqual({ unstable: { feature: 'x' } });
      expect(Object.keys(interfaces[0]!.functions)).toEqual(['f', 'g']);
    }
  });

  const excluded = 'which is excluded due to its feature not being activated';
  it.each([
    ['interface i { @unstable(feature = x) type t = u8; f: func(a: t); }', `found a reference to a type ${excluded}`],
    ['@unstable(feature = x) interface i {} world w { import i; }', `found a reference to a interface ${excluded}`],
    ['@unstable(feature = x) world v {} world w { include v; }', `found a reference to a world ${excluded}`],
    [
      '@unstable(feature = x) interface i { type t = u8; }',
      `found a reference to a interface ${excluded}; this type is not gated by a feature but its interface is`,
    ],
    [
      '@since(version = 1.0.0) interface i {}',
      'package [a:b] contains a feature gate with a version specifier, so it must have a version',
    ],
  ])('%s', (items, message) => expect(errorOf(`package a:b; ${items}`).message).toBe(message));

  it('know versions', () => {
    const text = (since: string) =>
      `package a:b@1.2.0; @since(version = ${since}) @deprecated(version = 1.2.0) interface i {}`;
    expect(parseOne(text('1.2.0')).interfaces[0]!.stability).toEqual({
      stable: { since: '1.2.0', deprecated: '1.2.0' },
    });
    expect(errorOf(text('1.2.1')).message).toBe(
      'feature gate cannot reference unreleased version 1.2.1 of package [a:b@1.2.0] (current version 1.2.0)',
    );
  });

  it('ask for another package only if one use is open', () => {
    const text = 'package a:b; interface i { @unstable(feature = x) use c:d/gone.{t}; } package c:d {}';
    expect(parseOne(text).types).toEqual([]);
    expect(errorOf(text, { features: ['x'] }).message).toBe("interface 'gone' not found in package 'c:d'");
  });
});

const interfaces = 'interface s { type t = u8; } interface m { use s.{t}; } interface u { use m.{t}; use s.{t as z}; }';
const worldOf = (items: string) => parseOne(`package a:b; ${interfaces} world w { ${items} }`).worlds[0]!;
const keysOf = (items: string) => [Object.keys(worldOf(items).imports), Object.keys(worldOf(items).exports)];

describe('worlds', () => {
  it.each([
    ['import s; import s;', 'interface cannot be imported more than once'],
    ['export s; export s;', 'interface cannot be exported more than once'],
    ['import a: func(); import a: interface {}', 'import `a` conflicts with prior func of same name'],
    ['import a: s; import a: s;', 'import `a` conflicts with prior interface of same name'],
    ['use s.{t as a}; import a: func();', 'import `a` conflicts with prior type of same name'],
    ['import a: func(); import A: func();', expect.stringContaining('kebab-case identifiers are case-insensitive')],
    ['export s; export u;', 'interface `a:b/u` transitively depends on an interface in incompatible ways'],
    ['export a: u; export s;', 'interface `a` transitively depends on an interface in incompatible ways'],
  ])('%s', (items, message) => {
    expect(errorOf(`package a:b; ${interfaces} world w { ${items} }`).message).toEqual(message);
  });

  it.each([
    ['import u;', [['interface-0', 'interface-1', 'interface-2'], []]],
    ['export u;', [['interface-0', 'interface-1'], ['interface-2']]],
    ['export m; export s; export u;', [[], ['interface-0', 'interface-1', 'interface-2']]],
    [
      'export a: s; export u;',
      [
        ['interface-0', 'interface-1'],
        ['a', 'interface-2'],
      ],
    ],
    [
      'import f: func(); use m.{t}; resource r { g: func(); } import s;',
      [['interface-0', 'interface-1', 't', 'r', 'f', '[method]r.g'], []],
    ],
    ['import x: s; import y: s; import s;', [['x', 'y', 'interface-0'], []]],
  ])('%s', (items, keys) => expect(keysOf(items)).toEqual(keys));

  it('hold interfaces of their own', () => {
    const { worlds, interfaces: all } = parseOne('package a:b; world w { import x: interface { f: func(); } }');
    expect(worlds[0]!.imports).toEqual({ x: { interface: { id: 0 } } });
    expect(all[0]).toMatchObject({ name: null, package: 0 });
  });
});

describe('include', () => {
  const include = (from: string, into: string) =>
    parseOne(`package a:b; interface s {} world v { ${from} } world w { ${into} }`);
  const errorIn = (from: string, into: string) =>
    errorOf(`package a:b; interface s {} world v { ${from} } world w { ${into} }`).message;
  it.each([
    ['import f: func();', 'include v; import f: func();', 'import of `f` shadows previously imported items'],
    ['export f: func();', 'include v; include v;', 'export of `f` shadows previously exported items'],
    [
      'import s;',
      'include v with { s as z }',
      'no import or export kebab-name `s`. Note that an ID does not support renaming',
    ],
    [
      'import f: func();',
      'include v; import F: func();',
      expect.stringContaining('in world `w` conflicts with import'),
    ],
  ])('%s, %s', (from, into, message) => expect(errorIn(from, into)).toEqual(message));

  it('shares interfaces and copies the rest under its names', () => {
    const { worlds, types } = include(
      'import s; import x: interface { type t = u8; } resource r { m: func(); } import f: func(a: r);',
      'include v with { r as q, f as g, x as y }',
    );
    expect(Object.keys(worlds[1]!.imports)).toEqual(['interface-0', 'y', 'q', 'g', '[method]q.m']);
    expect(worlds[1]!.imports['[method]q.m']).toMatchObject({ function: { name: '[method]q.m' } });
    expect(types.filter(({ name }) => name === 'q' || name === 'r')).toEqual([
      { name: 'r', kind: 'resource', owner: { world: 0 } },
      { name: 'q', kind: 'resource', owner: { world: 1 } },
    ]);
    expect(types.filter(({ name }) => name === 't').map(({ owner }) => owner)).toEqual([
      { interface: 1 },
      { interface: 2 },
    ]);
  });

  it('does not copy an interface that has another name in the world', () => {
    const { interfaces: all } = include('import x: s;', 'include v;');
    expect(all).toHaveLength(1);
  });

  it('wants worlds to agree on how stable an interface is', () => {
    const text = (a: string, b: string) =>
      `package a:b@1.0.0; interface s {} world u { ${a} import s; } world v { ${b} import s; } world w { include u; include v; }`;
    const since = '@since(version = 1.0.0)';
    expect(parseOne(text(since, '')).worlds[2]!.imports).toMatchObject({
      'interface-0': { interface: { stability: {} } },
    });
    expect(errorOf(text(since, '@unstable(feature = x)'), { features: 'all' }).message).toMatch(
      /^mismatch in stability from/,
    );
  });
});
