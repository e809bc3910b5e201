// Worlds in core modules, as today's tools and those of earlier years leave them there.

import { describe, expect, test } from 'vitest';
import { decodeEmbeddedWorld, decodeWitPackage, kindOfBinary } from './index.ts';
import { customSections } from './read/sections.ts';
import { coreModule, section } from './testing/bytes.ts';
import { textOfWorld } from './testing/same-world.ts';
import { makeEach } from './testing/tools.ts';

const TYPES = 'interface types { record point { x: u32, y: u32 } resource r { get: func() -> point; } more: func(); }';
const ONE = `package a:b@1.0.0; ${TYPES} world one { import types; import log: func(text: string); export run: func(); }`;
const TWO = `package a:b@1.0.0; ${TYPES}
  world two { use types.{point}; import log: func(text: string); export show: func(p: point); }`;
const RENAMED = `package a:b@1.0.0; ${TYPES} world four { import mine: types; export yours: types; }`;
const OTHER = 'package a:c; world three { import log: func(text: u8); }';

const sectionOf = (bytes: Uint8Array | undefined): number[] => {
  const found = bytes && customSections(bytes, 'core-module').find(({ name }) => name === 'component-type');
  return [...(bytes?.subarray(found?.start, found?.end) ?? [])];
};

const [one = [], two = [], other = [], renamed = []] = makeEach(
  [ONE, TWO, OTHER, RENAMED].map((wit) => ({ make: 'core', wit }) as const),
).map(sectionOf);

const world = (...data: readonly (readonly number[])[]) => {
  const bytes = coreModule(...data.map((bytes, index) => section(0, [`component-type:${index}`, bytes])));
  expect(kindOfBinary(bytes)).toBe('core-module');
  const { resolved, world: id } = decodeEmbeddedWorld(bytes);
  return { text: textOfWorld(resolved, id), name: resolved.worlds[id]?.name };
};

describe('worlds in core modules', () => {
  test('the world of its section', () => {
    expect(world(one)).toMatchObject({
      name: 'one',
      text: { imports: { 'a:b/types@1.0.0': 'a:b/types@1.0.0' }, exports: { run: 'run: freestanding() -> _' } },
    });
  });

  test('interfaces under names of their own', () => {
    const { imports, exports, interfaces } = world(renamed).text;
    expect({ imports, exports }).toEqual({
      imports: { mine: 'a:b/types@1.0.0' },
      exports: { yours: 'a:b/types@1.0.0' },
    });
    expect(Object.keys(interfaces)).toEqual(['a:b/types@1.0.0']);
  });

  test('a section of 2023 has two bytes in front', () => {
    expect(world([3, 0, ...one])).toEqual(world(one));
  });

  test('several sections are one world', () => {
    const { name, text } = world(one, two);
    expect(name).toBe('one');
    expect(Object.keys(text.imports)).toEqual(['a:b/types@1.0.0', 'log', 'point']);
    expect(Object.keys(text.exports)).toEqual(['run', 'show']);
    expect(Object.keys(text.interfaces)).toEqual(['a:b/types@1.0.0']);
  });

  test('sections that contradict each other are refused', () => {
    expect(() => world(one, other)).toThrow('to be the same wherever');
  });

  test('a section is a WIT package of one world', () => {
    const { resolved } = decodeWitPackage(Uint8Array.from(one));
    expect(resolved.worlds.map(({ name }) => name)).toEqual(['one']);
  });

  test('errors tell the place in the whole file', () => {
    const bytes = coreModule(section(0, ['component-type', one.slice(0, -1)]));
    expect(() => decodeEmbeddedWorld(bytes)).toThrow(
      expect.objectContaining({ name: 'BinaryError', offset: expect.toSatisfy((offset) => offset > 30) }),
    );
  });

  test('a module without a world', () => {
    expect(() => decodeEmbeddedWorld(coreModule())).toThrow('Expected a custom section "component-type"');
  });
});
