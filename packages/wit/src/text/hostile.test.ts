// Text made to hurt: it ends in a result or a WitError, soon, and never in an exhausted stack.
import { describe, expect, it } from 'vitest';
import { WitError } from './index.ts';
import { errorOf, parseOne } from './testing/parse-one.ts';

const many = 20_000;
const repeat = (count: number, write: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => write(index)).join('');

describe('depth', () => {
  it.each([
    ['types', `interface i { type t = ${'list<'.repeat(many)}u8${'>'.repeat(many)}; }`, 'type nesting too deep'],
    ['packages', repeat(many, (index) => `package a:c${index} {`), 'package nesting too deep'],
    ['comments', '/*'.repeat(many), 'unterminated block comment'],
  ])('of %s has an end', (_what, text, message) => expect(errorOf(`package a:b; ${text}`).message).toBe(message));

  it('allows what a person writes', () => {
    const nested = (depth: number) =>
      `package a:b; interface i { type t = ${'list<'.repeat(depth)}u8${'>'.repeat(depth)}; }`;
    expect(parseOne(nested(99)).types).toHaveLength(99);
    expect(errorOf(nested(100)).message).toBe('type nesting too deep');
    expect(parseOne(`package a:b; ${'/*'.repeat(many)}${'*/'.repeat(many)}`).packages).toHaveLength(1);
  });
});

describe('chains', () => {
  it.each([
    ['types', `interface i { type t0 = u8; ${repeat(many, (index) => `type t${index + 1} = t${index};`)} }`],
    [
      'types, backwards',
      `interface i { ${repeat(many, (index) => `type t${index} = t${index + 1};`)} type t${many} = u8; }`,
    ],
    [
      'resources',
      `interface i { resource r0; ${repeat(many, (index) => `type r${index + 1} = r${index}; type b${index} = borrow<r${index}>;`)} }`,
    ],
    [
      'interfaces',
      `interface i0 { type t = u8; } ${repeat(many, (index) => `interface i${index + 1} { use i${index}.{t}; }`)} world w { import i${many}; export i${many}; }`,
    ],
    [
      'packages',
      repeat(
        many,
        (index) =>
          `package p:p${index} { interface i { ${index === 0 ? 'type t = u8;' : `use p:p${index - 1}/i.{t};`} } }`,
      ),
    ],
  ])('of %s are no trouble', (_what, text) => expect(parseOne(`package a:b; ${text}`).types.length).toBeGreaterThan(0));

  it('may close', () => {
    const cycle = repeat(
      many,
      (index) => `package p:p${index} { interface i { use p:p${(index + 1) % many}/i.{t}; } }`,
    );
    expect(errorOf(`package a:b; ${cycle}`).message).toMatch(/creates a dependency cycle$/);
  });
});

describe('size', () => {
  it.each([
    ['line breaks in a comment', `/**${'\n'.repeat(1_000_000)}x*/ interface i {}`],
    ['a name', `interface ${'a'.repeat(1_000_000)} {}`],
    ['a name of many parts', `interface ${'a-'.repeat(500_000)}a {}`],
    ['a string', `@external-id("${'a'.repeat(1_000_000)}") interface i {}`],
    ['many functions', `interface i { ${repeat(many, (index) => `fn${index}: func(a: tuple<u8, u16>);`)} }`],
    [
      'many worlds on one interface',
      `interface i { ${repeat(many, (index) => `type t${index} = u8;`)} } ${repeat(2_000, (index) => `world w${index} { import i; }`)}`,
    ],
  ])('%s', (_what, text) => expect(parseOne(`package a:b; ${text}`).packages).toHaveLength(1));

  it('of what worlds include has an end', () => {
    const text = repeat(3_000, (index) => `world w${index + 1} { include w${index}; import fn${index}: func(); }`);
    expect(errorOf(`package a:b; world w0 {} ${text}`)).toBeInstanceOf(WitError);
  });
});
