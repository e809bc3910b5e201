// WIT packages in both of their binary forms, with documentation.

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ResolvedWit } from '../resolved.ts';
import { decodeComponent, decodeWitPackage, kindOfBinary } from './index.ts';
import { component, flat, list, section } from './testing/bytes.ts';
import { makeEach } from './testing/tools.ts';

const DATA = resolve(process.env.PYPES_TEST_DATA ?? '../shared/data', 'wit/kinds-of-deps/deps');

/** The interface `types` and the world `w` of `x:y@1.0.0`, which use `dep:d/base@0.2.0`. */
const PARTS = `
  (type $types (component
    (import "dep:d/base@0.2.0" (instance $base (export "r" (type (sub resource)))))
    (alias export $base "r" (type $r))
    (export "x:y/types@1.0.0" (instance
      (alias outer 1 $r (type $r')) (export "r" (type $r (eq $r')))
      (type $k' (enum "a" "b")) (export "k" (type $k (eq $k')))
      (type $l' (record (field "first" $k) (field "rest" (list $k)))) (export "l" (type $l (eq $l')))
      (type $o (own $r))
      (export "[static]r.make" (func (result $o)))
      (export "f" (func (param "l" $l)))))))
  (type $w (component
    (export "x:y/w@1.0.0" (component
      (import "x:y/types@1.0.0" (instance $t (type $k' (enum "a" "b")) (export "k" (type (eq $k')))))
      (alias export $t "k" (type $k'))
      (import "k" (type $k (eq $k')))
      (import "log" (instance (export "write" (func (param "text" string)))))
      (export "run" (func (param "k" $k)))))))
  (export "types" (type $types)) (export "w" (type $w))`;

const WHOLE = `
  (type $p (component
    (import "dep:d/base@0.2.0" (instance $base (export "r" (type (sub resource)))))
    (alias export $base "r" (type $r))
    (export "types" (instance
      (alias outer 1 $r (type $r')) (export "r" (type $r (eq $r')))
      (export "f" (func))))
    (export "x:y/w@1.0.0" (component (export "run" (func))))))
  (export "x:y/wit@1.0.0" (type $p))`;

const [parts = new Uint8Array(), whole = new Uint8Array()] = makeEach(
  [PARTS, WHOLE].map((text) => ({ make: 'binary', wat: `(component ${text})` }) as const),
);

const withDocs = (bytes: Uint8Array, docs: unknown, version = 1): Uint8Array => {
  const data = [version, ...new TextEncoder().encode(JSON.stringify(docs))];
  return Uint8Array.from([...bytes, ...flat(section(0, ['package-docs', data]))]);
};

const interfaceNamed = (resolved: ResolvedWit, name: string) => resolved.interfaces.find((item) => item.name === name);
const typeNamed = (resolved: ResolvedWit, name: string) => resolved.types.find((type) => type.name === name);

describe('WIT packages', () => {
  test('one component type for each interface and world', () => {
    expect(kindOfBinary(parts)).toBe('wit-package');
    const { resolved, package: id } = decodeWitPackage(parts);
    expect(resolved.packages.map(({ name }) => name).sort()).toEqual(['dep:d@0.2.0', 'x:y@1.0.0']);
    const home = resolved.packages[id];
    expect(home?.name).toBe('x:y@1.0.0');
    expect(Object.keys(home?.interfaces ?? {})).toEqual(['types']);
    expect(Object.keys(home?.worlds ?? {})).toEqual(['w']);
    expect(Object.keys(interfaceNamed(resolved, 'types')?.functions ?? {})).toEqual(['[static]r.make', 'f']);
    expect(Object.keys(resolved.worlds[0]?.imports ?? {})).toContain('log');
    expect(resolved.types.filter(({ kind }) => kind === 'resource')).toHaveLength(1);
  });

  test('one component type for all of it', () => {
    expect(kindOfBinary(whole)).toBe('wit-package');
    const { resolved, package: id } = decodeWitPackage(whole);
    expect(resolved.packages[id]).toMatchObject({ name: 'x:y@1.0.0' });
    expect(Object.keys(resolved.packages[id]?.interfaces ?? {})).toEqual(['types']);
    expect(resolved.worlds.map(({ name }) => name)).toEqual(['w']);
  });

  test('documentation and stability', () => {
    const stable = { stable: { since: '1.0.0' } };
    const docs = {
      docs: 'The package',
      worlds: {
        w: {
          docs: 'The world',
          stability: { unstable: { feature: 'new' } },
          interfaces: { log: { docs: 'Logging', stability: stable, funcs: { write: 'Writes' } } },
          types: { k: { docs: 'K here' } },
          func_exports: { run: { docs: 'Runs', stability: stable } },
          interface_import_stability: { 'x:y/types@1.0.0': stable },
        },
      },
      interfaces: {
        types: {
          docs: 'The types',
          types: { l: { docs: 'L', items: { first: 'The first' } }, k: { items: { b: 'Second', none: 'Gone' } } },
          funcs: { f: { docs: 'F' }, '[static]r.make': 'Makes' },
        },
        constructor: { docs: 'not there' },
        __proto__: { docs: 'nor this' },
      },
    };
    const { resolved, package: id } = decodeWitPackage(withDocs(parts, docs));
    expect(resolved.packages[id]?.docs).toEqual({ contents: 'The package' });
    const [world] = resolved.worlds;
    expect(world).toMatchObject({ docs: { contents: 'The world' }, stability: { unstable: { feature: 'new' } } });
    const home = interfaceNamed(resolved, 'types');
    const key = `interface-${resolved.packages[id]?.interfaces.types}`;
    expect(world?.imports[key]).toMatchObject({ interface: { stability: stable } });
    expect(world?.imports.log).toMatchObject({ interface: { stability: stable } });
    expect(world?.exports.run).toMatchObject({ function: { docs: { contents: 'Runs' }, stability: stable } });
    expect(home?.functions.f?.docs).toEqual({ contents: 'F' });
    expect(home?.functions['[static]r.make']?.docs).toEqual({ contents: 'Makes' });
    expect(typeNamed(resolved, 'l')).toMatchObject({
      docs: { contents: 'L' },
      kind: { record: { fields: [{ name: 'first', docs: { contents: 'The first' } }, { name: 'rest' }] } },
    });
    expect(typeNamed(resolved, 'k')?.kind).toEqual({
      enum: { cases: [{ name: 'a' }, { name: 'b', docs: { contents: 'Second' } }] },
    });
  });

  test.each([
    ['a version to come', withDocs(parts, {}, 2)],
    ['no version', Uint8Array.from([...parts, ...flat(section(0, 'package-docs'))])],
    ['no object', withDocs(parts, [])],
    ['docs that are no text', withDocs(parts, { docs: 1 })],
    ['a stability of no kind', withDocs(parts, { interfaces: { types: { stability: { new: {} } } } })],
    ['no JSON', Uint8Array.from([...parts, ...flat(section(0, ['package-docs', 1, 0x7b]))])],
  ])('documentation is refused with %s', (_, bytes) => {
    expect(() => decodeWitPackage(bytes)).toThrow(expect.objectContaining({ name: 'BinaryError' }));
  });

  test('several sections are about several packages', () => {
    const bytes = withDocs(withDocs(parts, { package: 'dep:d@0.2.0', docs: 'Theirs' }), {
      package: 'k:l',
      docs: 'Nobody',
    });
    const { resolved } = decodeWitPackage(bytes);
    expect(resolved.packages.map(({ name, docs }) => [name, docs?.contents])).toEqual([
      ['dep:d@0.2.0', 'Theirs'],
      ['x:y@1.0.0', undefined],
    ]);
  });

  test('a component may have documentation of the interfaces that it speaks of', () => {
    const bytes = component(section(7, list([[0x42, 0]])), section(10, list([[0x00, 'a:b/c', 0x05, 0]])));
    const { resolved } = decodeComponent(withDocs(bytes, { package: 'a:b', interfaces: { c: { docs: 'About c' } } }));
    expect(interfaceNamed(resolved, 'c')?.docs).toEqual({ contents: 'About c' });
  });

  test('neither is the other', () => {
    expect(() => decodeWitPackage(component())).toThrow('Expected a WIT package');
    expect(() => decodeComponent(parts)).toThrow('Expected a function or an instance to be exported');
    const resource = component(
      section(7, list([[0x3f, 0x7f, 0x00]])),
      section(11, list([[0x00, 'r', 0x03, 0x00, 0x00]])),
    );
    expect(() => decodeWitPackage(resource)).toThrow('Expected a WIT package');
  });

  test.skipIf(!existsSync(DATA))('packages of the published test cases (needs PYPES_TEST_DATA)', () => {
    const [d = new Uint8Array()] = makeEach([{ make: 'binary', wat: readFileSync(join(DATA, 'd.wat'), 'utf8') }]);
    const e = new Uint8Array(readFileSync(join(DATA, 'e.wasm')));
    expect([d, e].map((bytes) => decodeWitPackage(bytes).resolved.packages)).toEqual([
      [{ name: 'd:d', interfaces: { d: 0 }, worlds: {} }],
      [{ name: 'e:e', interfaces: { e: 0 }, worlds: {} }],
    ]);
  });
});
