// One package by itself: names, types, resources, functions, uses.
import { describe, expect, it } from 'vitest';
import { parseWit } from '../index.ts';
import { errorOf, parseInterface, parseOne } from '../testing/parse-one.ts';

const errorIn = (items: string): string => errorOf(`package a:b; interface i { ${items} }`).message;

describe('names of interfaces and worlds', () => {
  it.each([
    ['interface i {} world i {}', 'duplicate item named `i`'],
    ['interface i {} use i as i;', 'duplicate name `i` in this file'],
    ['use j;', 'interface or world `j` does not exist'],
    ['interface i { use i.{x}; }', 'interface or world `i` depends on itself'],
    ['interface i { use j.{t}; } interface j { use i.{t}; }', 'interface or world `j` depends on itself'],
    ['world a { include b; } world b { include a; }', 'interface or world `b` depends on itself'],
    ['world a { include b; } interface b {}', 'name `b` is defined as an interface, not a world'],
    ['world a { import b; } world b {}', 'name `b` is defined as a world, not an interface'],
    ['interface j {} @since(version = 1.0.0) use j as k;', 'attributes not allowed on top-level use'],
  ])('%s', (items, message) => expect(errorOf(`package a:b; ${items}`).message).toBe(message));

  it('of a `use` at the top hold in their file alone', () => {
    const files = [
      { path: 'a', text: 'package a:b; use i as mine; interface j { use mine.{t}; }' },
      { path: 'b', text: 'interface i { type t = u8; }' },
    ];
    expect(parseWit(files).interfaces.map(({ name }) => name)).toEqual(['i', 'j']);
    const third = { path: 'c', text: 'interface k { use mine.{t}; }' };
    expect(() => parseWit([...files, third])).toThrow('interface or world `mine` does not exist');
  });

  it('of packages have to agree between files, and one may document it', () => {
    const [a, b] = [
      { path: 'a', text: '/// x\npackage a:a;' },
      { path: 'b', text: '/// y\npackage a:b;' },
    ];
    expect(() => parseWit([a, b])).toThrow('package identifier `a:b` does not match previous package name of `a:a`');
    const twice = { path: 'b', text: '/// y\npackage a:a;' };
    expect(() => parseWit([a, twice])).toThrow("found doc comments on multiple 'package' items");
  });
});

describe('types', () => {
  it.each([
    ['type t = nope;', 'type `nope` does not exist'],
    ['type t = list<t>;', 'type `t` depends on itself'],
    ['type a = b; type b = a;', 'type `b` depends on itself'],
    ['type t = u8; type t = u8;', 'name `t` is defined more than once'],
    ['f: func(); type f = u8;', 'name `f` is defined more than once'],
    ['f: func(a: nope);', 'name `nope` does not exist'],
    ['f: func(); g: func(a: f);', 'cannot use function `f` as a type'],
    ['f: func(a: u8, a: u8);', 'param `a` is defined more than once'],
    ['type t = map<f32, u8>;', expect.stringContaining('invalid map key type')],
    ['type k = string; type t = map<k, u8>;', expect.stringContaining('invalid map key type')],
    ['enum e {}', 'empty enum'],
    ['variant v {}', 'empty variant'],
    ['type t = u8; type h = own<t>;', 'type `t` used in a handle must be a resource'],
    ['resource r { f: func(); f: static func(); }', 'duplicate function name `f`'],
    ['resource r { constructor(); constructor(); }', 'duplicate constructors'],
    ['resource r { constructor() -> r; }', 'if a constructor return type is declared it must be a `result`'],
    ['resource r { constructor() -> result<u8>; }', 'the `ok` type must be the resource being constructed'],
    ['resource r { f: func(self: u8); }', 'param `self` is defined more than once'],
    ['resource r { f: func() -> borrow<r>; }', expect.stringMatching(/^function `\[method\]r.f` returns a type/)],
    ['resource r; type b = list<borrow<r>>; f: func() -> option<b>;', expect.stringMatching(/^function `f` returns/)],
  ])('%s', (items, message) => expect(errorIn(items)).toEqual(message));

  it('say what was renamed', () => {
    const { message, details } = errorOf('package a:b; interface i { type t = float64; }');
    expect(message).toBe('type `float64` does not exist');
    expect(details.notes?.[0]).toContain('has been renamed to `f64`');
  });

  it('come after what they are made of, else as written; unnamed ones are there once', () => {
    const { types } = parseInterface('type b = list<a>; type a = u8; type c = option<list<a>>; f: func(x: list<a>);');
    expect(types.map(({ name, kind }) => [name, kind])).toEqual([
      ['a', { type: 'u8' }],
      ['b', { list: 0 }],
      [null, { list: 0 }],
      ['c', { option: 2 }],
    ]);
  });

  it('are owned where they are values', () => {
    const { types, interfaces } = parseInterface('resource r { constructor(); m: func(o: r, p: own<r>) -> list<r>; }');
    expect(types.map(({ kind }) => kind)).toEqual([
      'resource',
      { handle: { borrow: 0 } },
      { handle: { own: 0 } },
      { list: 2 },
    ]);
    expect(interfaces[0]!.functions).toEqual({
      '[constructor]r': { name: '[constructor]r', kind: { constructor: 0 }, params: [], result: 2 },
      '[method]r.m': {
        name: '[method]r.m',
        kind: { method: 0 },
        params: [
          { name: 'self', type: 1 },
          { name: 'o', type: 2 },
          { name: 'p', type: 2 },
        ],
        result: 3,
      },
    });
  });

  it('know async functions and constructors that fail', () => {
    const { interfaces } = parseInterface(
      'f: async func(); resource r { constructor() -> result<r, string>; m: async func(); s: static async func(); }',
    );
    const kinds = Object.values(interfaces[0]!.functions).map(({ kind }) => JSON.stringify(kind));
    expect(kinds).toEqual(['"async-freestanding"', '{"constructor":0}', '{"async-method":0}', '{"async-static":0}']);
  });
});

describe('use', () => {
  it.each([
    ['use j.{nope};', 'name `nope` does not exist'],
    ['use j.{f};', 'cannot import function `f`'],
    ['use j.{t, t};', 'name `t` is defined more than once'],
    ['use j.{t}; type t = u8;', 'name `t` is defined more than once'],
  ])('%s', (items, message) => {
    expect(errorOf(`package a:b; interface i { ${items} } interface j { type t = u8; f: func(); }`).message).toBe(
      message,
    );
  });

  it('makes another name of the same type', () => {
    const { types } = parseOne('package a:b; interface i { use j.{t as mine}; } interface j { type t = u8; }');
    expect(types).toEqual([
      { name: 't', kind: { type: 'u8' }, owner: { interface: 0 } },
      { name: 'mine', kind: { type: 0 }, owner: { interface: 1 } },
    ]);
  });
});
