// Files made to break the decoder: whatever the bytes, there is a result or a BinaryError, and soon.

import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  BinaryError,
  decodeComponent,
  decodeEmbeddedWorld,
  decodeWitPackage,
  describeImports,
  kindOfBinary,
} from './index.ts';
import { customSections } from './read/sections.ts';
import { type Bytes, component, coreModule, list, section, typeIndex, u32 } from './testing/bytes.ts';
import { makeEach } from './testing/tools.ts';

const READERS = [decodeComponent, decodeWitPackage, decodeEmbeddedWorld, kindOfBinary, describeImports];

/** Runs all readers; throws if one throws anything but a BinaryError with a place in the file. */
const readAll = (bytes: Uint8Array): void => {
  for (const read of READERS) {
    try {
      read(bytes);
    } catch (error) {
      if (!(error instanceof BinaryError) || !(error.offset >= 0 && error.offset <= bytes.length)) throw error;
    }
  }
};

const WIT = `package a:b@1.2.3;
  interface i {
    record point { x: u32, y: list<u8> }
    resource r { constructor(); get: func() -> point; find: static func(a: borrow<r>) -> option<r>; }
    variant v { a, b(tuple<s8, char>) } enum e { one, two } flags f { p, q }
    g: async func(v: v, e: e, f: f, m: map<string, u8>, l: list<u32, 4>) -> result<stream<u8>, future>;
  }
  world w { import i; use i.{r}; import bare: func(x: r); import inner: interface { type t = u8; } export i; }`;

let core = new Uint8Array();
let real = new Uint8Array();
let embedded = new Uint8Array();

beforeAll(() => {
  [core = core, real = real] = makeEach((['core', 'component'] as const).map((make) => ({ make, wit: WIT })));
  const found = customSections(core, 'core-module').find(({ name }) => name === 'component-type');
  embedded = core.slice(found?.start, found?.end);
});

describe('damaged files', () => {
  test('every truncation of real files', () => {
    for (const bytes of [embedded, core, real]) {
      for (let length = 0; length < bytes.length; length += 1) readAll(bytes.subarray(0, length));
    }
  });

  test('every byte of a real file changed', () => {
    for (let place = 0; place < embedded.length; place += 1) {
      for (const value of [0x00, 0x01, 0x03, 0x40, 0x42, 0x7f, 0x80, 0xff, (embedded[place] ?? 0) ^ 1]) {
        const bytes = embedded.slice();
        bytes[place] = value;
        readAll(bytes);
      }
    }
  });

  test('several bytes of real files changed', () => {
    const change = fc.tuple(fc.nat(), fc.nat({ max: 255 }));
    fc.assert(
      fc.property(fc.constantFrom('embedded', 'core', 'real'), fc.array(change, { maxLength: 6 }), (name, changes) => {
        const bytes = { embedded, core, real }[name].slice();
        for (const [place, value] of changes) bytes[place % bytes.length] = value;
        readAll(bytes);
      }),
      { numRuns: 400 },
    );
  });

  test('anything, also in the form of sections', () => {
    const content = fc.uint8Array({ maxLength: 80 });
    const sections = fc.array(fc.tuple(fc.nat({ max: 14 }), content), { maxLength: 6 });
    const framed = fc.tuple(fc.boolean(), sections).map(([isComponent, parts]) => {
      const frames = parts.map(([id, bytes]) => section(id, [...bytes]));
      return isComponent ? component(...frames) : coreModule(...frames);
    });
    fc.assert(fc.property(fc.oneof(content, framed), readAll), { numRuns: 2000 });
  });
});

const types = (...items: readonly Bytes[]): Bytes => section(7, list(items));
const imported = (name: string, description: Bytes): Bytes => section(10, list([[0x00, name, description]]));
/** An instance type. */
const instance = (...declarations: readonly Bytes[]): Bytes => [0x42, list(declarations)];
const many = (count: number, make: (index: number) => Bytes): Bytes[] =>
  Array.from({ length: count }, (_, index) => make(index));
const nested = (depth: number, wrap: (inner: Uint8Array) => Uint8Array, inner: Uint8Array): Uint8Array => {
  let bytes = inner;
  for (let level = 0; level < depth; level += 1) bytes = wrap(bytes);
  return bytes;
};

/** What may happen, and within how long. */
const refused = (bytes: Uint8Array, message: string): void => {
  const start = performance.now();
  expect(() => decodeComponent(bytes)).toThrow(message);
  readAll(bytes);
  expect(performance.now() - start).toBeLessThan(5000);
};

describe('files that are made to cost', () => {
  test('counts and lengths beyond the file', () => {
    const huge = u32(0xffff_ffff);
    refused(component(section(7, [huge, 0x7f])), 'Expected at most 1 items');
    refused(component(types([0x6f, huge, 0x7f])), 'Expected at most');
    refused(component(section(10, [1, 0x00, huge, 0x61])), 'Expected a name of 4294967295 bytes');
    refused(component([7, huge, 0x00]), 'Expected a section 0x07 of 4294967295 bytes');
  });

  test('types in types in types', () => {
    const lists = many(5000, (index) => (index === 0 ? [0x70, 0x7d] : [0x70, typeIndex(index - 1)]));
    refused(component(types(...lists)), 'nested at most 100 deep');
    refused(component(section(7, [1, many(50_000, () => [0x42, 1, 1])])), 'nested at most 100 deep');
    refused(component(section(7, [1, many(50_000, () => [0x41, 1, 1])])), 'nested at most 100 deep');
    refused(component(types(instance(many(50_000, () => [0x00, 0x50, 1, 1])))), 'Expected');
  });

  test('types that are small here and enormous when written out', () => {
    const pairs = many(60, (index) => (index === 0 ? [0x6f, 2, 0x7d, 0x7d] : [0x6f, 2, index - 1, index - 1]));
    refused(component(types(...pairs)), 'at most 1000000 parts');
  });

  test('instances of instances of instances', () => {
    const doubled = many(60, (index) =>
      index === 0
        ? instance()
        : instance([0x02, 0x03, 0x02, 1, index - 1], [0x04, 0x00, 'a', 0x05, 0], [0x04, 0x00, 'b', 0x05, 0]),
    );
    refused(component(types(...doubled), imported('x', [0x05, 59])), 'less work');
  });

  test('components that make instances of others, twice each', () => {
    const doubled = many(60, (index) =>
      section(
        4,
        index === 0
          ? [...component()]
          : [...component(section(6, list([[0x04, 0x02, 1, index - 1]])), section(5, list(many(2, () => [0, 0, 0]))))],
      ),
    );
    refused(component(...doubled, section(5, list([[0, 59, 0]]))), 'less work');
  });

  test('components in components', () => {
    const wrap = (inner: Uint8Array) => component(section(4, [...inner]), section(5, list([[0, 0, 0]])));
    refused(nested(150, wrap, component()), 'nested at most 100 deep');
    readAll(nested(1000, (inner) => component(section(4, [...inner])), component()));
  });

  test('one large type for many imports', () => {
    const exports = many(2000, (index) => [0x04, 0x00, `f${index}`, 0x01, 0]);
    const large = instance([0x01, 0x40, 0, 1, 0], ...exports);
    const imports = section(10, list(many(2000, (index) => [0x00, `i${index}`, 0x05, 0])));
    refused(component(types(large), imports), 'less work');
  });

  test('long chains of names for one type', () => {
    const chain = section(11, list(many(20_000, (index) => [0x00, `t${index}`, 0x03, u32(index), 0x00])));
    const inner = component(types([0x70, 0x7d]), chain);
    const functions = many(20_000, (index) => [0x00, `f${index}`, 0x01, 1]);
    const bytes = component(
      section(4, [...inner]),
      section(5, list([[0, 0, 0]])),
      section(6, list([[0x03, 0x00, 0, 't19999']])),
      types([0x40, list([['x', 0]]), 1, 0]),
      section(10, list(functions)),
    );
    refused(bytes, 'less work');
  });

  test('what refers to itself or to what comes later', () => {
    const itself = instance([0x02, 0x03, 0x02, 1, 0], [0x04, 0x00, 'a', 0x05, 0]);
    refused(component(types(itself), imported('x', [0x05, 0])), 'Expected type 0 to be declared before its use');
    refused(component(types([0x70, 1], [0x7f])), 'Expected type 1 to be declared before its use');
    const calls = section(4, [...component(section(6, list([[0x04, 0x02, 1, 0]])), section(5, list([[0, 0, 0]])))]);
    refused(component(calls, section(5, list([[0, 0, 0]]))), 'Expected component 0 to be declared before its use');
  });

  test('names that mean something to JavaScript', () => {
    refused(component(types([0x72, list([['__proto__', 0x7f]])])), 'words-with-hyphens');
    const bytes = component(types([0x40, 0, 1, 0]), imported('constructor', [0x01, 0]));
    const { resolved, world } = decodeComponent(bytes);
    expect(Object.keys(resolved.worlds[world]?.imports ?? {})).toEqual(['constructor']);
  });
});

describe('files that contradict themselves', () => {
  const twice = (first: Bytes, second: Bytes): Uint8Array =>
    component(types(first, second), imported('a:b/c', [0x05, 0]), section(4, [...component()]), exported(1));
  /** An export of an instance that is described by a type, though what is behind it is the import. */
  const exported = (type: number): Bytes => [
    imported('given', [0x05, type]),
    section(11, list([[0x00, 'a:b/c', 0x05, 1, 0x00]])),
  ];
  const record = (name: string): Bytes =>
    instance([0x01, 0x72, list([[name, 0x7d]])], [0x04, 0x00, 'r', 0x03, 0x00, 0]);
  const callable = (type: number): Bytes =>
    instance([0x01, 0x40, list([['x', type]]), 1, 0], [0x04, 0x00, 'f', 0x01, 0]);

  test('one interface with two types of a name', () => {
    expect(() => decodeComponent(twice(record('x'), record('x')))).not.toThrow();
    refused(twice(record('x'), record('y')), 'Expected the type "r" to be the same');
  });

  test('one interface with two functions of a name', () => {
    expect(() => decodeComponent(twice(callable(0x7d), callable(0x7d)))).not.toThrow();
    refused(twice(callable(0x7d), callable(0x7b)), 'Expected the function "f" to be the same');
  });

  test('a name twice', () => {
    const functions = list(many(2, () => [0x00, 'f', 0x01, 0]));
    refused(component(types([0x40, 0, 1, 0]), section(10, functions)), 'Expected each name once');
    refused(component(types([0x6d, list(['a', 'A'])])), 'Expected each case once');
  });

  test('bytes after the end of a section', () => {
    refused(component(section(7, [list([0x7f]), 0x00])), 'Expected the end of a section');
  });
});
