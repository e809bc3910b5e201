// Errors: the place they name and how they are shown.
import { describe, expect, it } from 'vitest';
import { parseWit, renderWitError, WitError } from './index.ts';
import { errorOf, parseOne } from './testing/parse-one.ts';

describe('places', () => {
  it.each([
    ['package a:b;\ninterface i {\n  type t = nope;\n}', 3, 12],
    ['package a:b;\r\ninterface i {\r\n  type t = nope;\r\n}', 3, 12],
    ['package a:b; /* é😼 */ $', 1, 23],
    ['package a:b', 1, 12],
    ['package a:b;\n', undefined, undefined],
  ])('counts lines and characters from 1: %j', (text, line, column) => {
    if (line === undefined) expect(parseOne(text).packages).toHaveLength(1);
    else expect(errorOf(text)).toMatchObject({ file: 'test.wit', line, column });
  });

  it('names the file of several', () => {
    const files = [
      { path: 'b.wit', text: 'interface j { use i.{nope}; }' },
      { path: 'a.wit', text: 'package a:b;\ninterface i {}' },
    ];
    expect(() => parseWit(files)).toThrow(expect.objectContaining({ file: 'b.wit', line: 1, column: 22 }));
  });

  it('has none for a package as a whole', () => {
    expect(errorOf('interface i {}')).toMatchObject({ file: undefined, line: undefined, column: undefined });
  });

  it('says what was expected', () => {
    expect(errorOf('package a:b; interface i { type t u8; }').expected).toBe("'='");
    expect(errorOf('package a:b; interface i { type t = ; }').expected).toBe('a type');
    expect(errorOf('package a:b; interface i { type t = nope; }').expected).toBeUndefined();
  });
});

describe('origin', () => {
  const main = [{ path: 'main.wit', text: 'package a:b; interface i { use c:d/j.{t}; }' }];
  const originOf = (dependency: string): unknown => {
    try {
      return parseWit(main, { dependencies: [[{ path: 'dep.wit', text: dependency }]] });
    } catch (error) {
      return error instanceof WitError ? error.origin : error;
    }
  };
  it('tells which group of files was read', () => {
    expect(originOf('package c:d; interface j { type t = u8; }')).toMatchObject({ packages: { length: 2 } });
    expect(originOf('package c:d; interface j {')).toEqual({ stage: 'package', group: 1 });
    expect(originOf('package c:d; interface j {}')).toEqual({ stage: 'link' });
    expect(errorOf('package').origin).toEqual({ stage: 'package', group: 0 });
  });
});

describe('rendering', () => {
  it('shows the line and marks the place', () => {
    expect(renderWitError(errorOf('package a:b;\ninterface i {\n  type t = nope;\n}'))).toBe(
      [
        'type `nope` does not exist',
        '     --> test.wit:3:12',
        '      |',
        '    3 |   type t = nope;',
        '      |            ^---',
      ].join('\n'),
    );
  });

  it('adds notes before the place', () => {
    expect(renderWitError(errorOf('package a:b; interface i { use c:d/j.{t}; }')).split('\n').slice(0, 3)).toEqual([
      "package 'c:d' not found. known packages:",
      '    a:b',
      '     --> test.wit:1:32',
    ]);
  });

  it('shows both places of a package that is there twice', () => {
    expect(renderWitError(errorOf('package a:b;\npackage c:d {}\npackage c:d {}'))).toBe(
      'package `c:d` is defined in two different locations:\n  * test.wit:3:9\n  * test.wit:2:9',
    );
  });

  it('shows no source beside a column that nobody can see', () => {
    expect(renderWitError(errorOf(`package a:b;${' '.repeat(70_000)}$`))).toBe(
      "test.wit:1:70013: unexpected character '$'",
    );
  });

  it('shows the message alone where there is no place', () => {
    expect(renderWitError(errorOf('interface i {}'))).toBe(
      'no `package` header was found in any WIT file for this package',
    );
  });
});
