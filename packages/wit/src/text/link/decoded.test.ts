// Packages from binaries beside packages from text.
import { describe, expect, it } from 'vitest';
import type { ResolvedWit } from '../../resolved.ts';
import { parseWit } from '../index.ts';
import { parseOne } from '../testing/parse-one.ts';

const main = [
  {
    path: 'm',
    text: 'package m:m; interface i { use d:d/j.{t, r}; f: func(a: borrow<r>) -> t; } world w { include d:d/v; }',
  },
];
const decoded = parseOne(`package d:d;
interface j { type t = u8; resource r { m: func() -> list<t>; } }
world v { import j; import x: interface { type t = u8; } use j.{t}; export g: func(a: t); }`);
const parse = (...binaries: readonly ResolvedWit[]) =>
  parseWit(main, {
    dependencies: binaries.map((_, index) => ({ path: `${index}.wasm`, bytes: Uint8Array.of(index) })),
    decodePackage: ([index]) => binaries[index!]!,
  });

describe('a decoded package', () => {
  it('stands as it would from text, before all that is text', () => {
    const fromText = parseOne(
      `${main[0]!.text} package d:d { interface j { type t = u8; resource r { m: func() -> list<t>; } } world v { import j; import x: interface { type t = u8; } use j.{t}; export g: func(a: t); } }`,
    );
    expect(parse(decoded)).toEqual(fromText);
  });

  it('may hold what another one holds already', () => {
    const other = parseOne(
      'package e:e; interface k { use d:d/j.{t}; } package d:d { interface j { type t = u8; resource r { m: func() -> list<t>; } } }',
    );
    const { packages, interfaces } = parse(decoded, other);
    expect(packages.map(({ name }) => name)).toEqual(['d:d', 'e:e', 'm:m']);
    expect(interfaces.filter(({ name }) => name === 'j')).toHaveLength(1);
  });

  it('has to be decoded by somebody', () => {
    const dependencies = [{ path: 'd.wasm', bytes: new Uint8Array() }];
    expect(() => parseWit(main, { dependencies })).toThrow('no way was given to decode the binary package d.wasm');
  });

  it('is checked for ids that lead nowhere', () => {
    const broken: ResolvedWit = { ...decoded, types: decoded.types.slice(1) };
    expect(() => parse(broken)).toThrow(expect.objectContaining({ name: 'WitError' }));
  });
});
