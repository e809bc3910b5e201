// What may be written where: one line for each way to get it wrong, in the words of wasm-tools.
import { describe, expect, it } from 'vitest';
import { errorOf, parseInterface, parseOne } from '../testing/parse-one.ts';

describe('files', () => {
  it.each([
    ['package a/b;', "expected ':', found `/`"],
    ['package a:b:c;', "expected '{', found ':'"],
    ['package a:b@1.0;', "expected '.', found ';'"],
    ['package a:b {}', 'no `package` header was found in any WIT file for this package'],
    ['package a:b; package a:c { package a:d {} }', 'nested packages must be placed at the top-level'],
    ['package a:b; @since(version = 1.0.0) package a:c {}', 'cannot place attributes on nested packages'],
    ['package a:b; interface i {', 'expected `type`, `resource` or `func`, found eof'],
    ['package a:b; use i', "expected ';', found eof"],
  ])('%s', (text, message) => expect(errorOf(text).message).toBe(message));

  it('may hold nested packages, and name the package after a comment', () => {
    const { packages } = parseOne('// hello\npackage b:b@1.0.0-rc.1; package a:a { interface i {} } interface j {}');
    expect(packages.map(({ name }) => name)).toEqual(['a:a', 'b:b@1.0.0-rc.1']);
  });
});

describe('types', () => {
  it.each([
    ['type t = list<u8,>;', "expected fixed-length, found '>'"],
    ['type t = list<u8, 4294967296>;', 'invalid list size: number too large to fit in target type'],
    ['type t = tuple<,>;', "expected a type, found ','"],
    ['type t = option;', "expected '<', found ';'"],
    ['type t = result<_>;', "expected ',', found '>'"],
    ['type t = result<u8, _>;', 'expected a type, found keyword `_`'],
    ['type t = own<list<u8>>;', 'expected an identifier or string, found keyword `list`'],
    ['type t = map<string, u8,>;', "expected '>', found ','"],
    ['type t = u8 u8;', "expected ';', found keyword `u8`"],
    ['record r { a u8 }', "expected ':', found keyword `u8`"],
    ['record r { a: u8; b: u8 }', "expected '}', found ';'"],
    ['variant v { a() }', "expected a type, found ')'"],
    ['enum e { a b }', "expected '}', found an identifier"],
    ['flags f { , }', "expected an identifier or string, found ','"],
    ['resource r { f }', "expected ':', found '}'"],
    ['resource r { @since(version = 1.0.0) }', "expected `constructor` or identifier, found '}'"],
    ['f: func(,);', "expected an identifier or string, found ','"],
    ['f: func() -> (a: u8);', "expected a type, found '('"],
    ['f: async;', "expected keyword `func`, found ';'"],
    ['$', "unexpected character '$'"],
  ])('%s', (items, message) => expect(errorOf(`package a:b; interface i { ${items} }`).message).toBe(message));

  it('may all be written', () => {
    const { types } = parseInterface(`
      resource r { constructor(a: u8); m: func(); s: static async func() -> r; /// last
      }
      type all = tuple<bool, u8, u16, u32, u64, s8, s16, s32, s64, f32, f64, char, string, error-context, r, own<r>,
        list<u8>, list<u8, 4>, option<u8>, result, result<u8>, result<_, u8>, result<u8, u8>, map<string, u8>,
        future, future<u8>, stream, stream<u8>,>;
      type kept = borrow<r>;
    `);
    const kinds = types.map(({ kind }) => (typeof kind === 'string' ? kind : Object.keys(kind)[0]));
    expect(kinds.join(' ')).toBe(
      'resource list fixed-length-list option result result result result map future future stream stream ' +
        'handle tuple handle handle',
    );
  });
});

describe('gates', () => {
  it.each([
    ['@foo', 'unknown attribute `foo`'],
    ['@since', "expected '(', found keyword `interface`"],
    ['@since(since = 1.0.0)', 'expected `version`, found `since`'],
    ['@since(version 1.0.0)', "expected '=', found an integer"],
    ['@unstable(feature = "x")', 'expected an identifier or string, found a string literal'],
    ['@external-id(x)', 'expected a string literal, found an identifier'],
    ['@since(version = 1.0.0) @since(version = 1.0.0)', 'cannot specify @since twice'],
    ['@external-id("a") @external-id("a")', 'cannot specify @external-id twice'],
    ['@unstable(feature = x) @since(version = 1.0.0)', 'cannot specify both @since and @unstable'],
    ['@deprecated(version = 1.0.0)', 'cannot specify both @deprecated without @since or @unstable'],
  ])('%s', (gates, message) => expect(errorOf(`package a:b; ${gates} interface i {}`).message).toBe(message));
});

describe('worlds', () => {
  it.each([
    ['import a', "expected ';', found '}'"],
    ['import a: ;', "expected an identifier or string, found ';'"],
    ['import a: func()', "expected ';', found '}'"],
    ['import a: b: c;', "expected `/`, found ';'"],
    ['import a:b@1.0.0;', "expected ';', found `@`"],
    ['use i;', "expected '.', found ';'"],
    ['use i.q;', "expected '{', found an identifier"],
    ['include w with { a as b };', "expected `import`, `export`, `include`, `use`, or type definition, found ';'"],
    ['f: func();', 'expected `import`, `export`, `include`, `use`, or type definition, found an identifier'],
  ])('%s', (items, message) => expect(errorOf(`package a:b; world x { ${items} }`).message).toBe(message));
});
