// Components as tools and people write them, against what they are known to import and export.

import { describe, expect, test } from 'vitest';
import { decodeComponent, describeImports } from './index.ts';
import { component, list, section } from './testing/bytes.ts';
import { textOfWorld } from './testing/same-world.ts';
import { makeEach } from './testing/tools.ts';

const decoded = (bytes: Uint8Array) => {
  const { resolved, world } = decodeComponent(bytes);
  return textOfWorld(resolved, world);
};

/** Every canonical definition, so that the functions after them keep their places. */
const CANONICAL = `
  (core type $ft (func)) (core type $cf (func (param i32))) (type $s (stream u8)) (type $f (future u8))
  (type $r (resource (rep i32)))
  (core module $m (memory (export "m") 1) (table (export "t") 1 funcref)
    (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable) (func (export "run")))
  (core instance $i (instantiate $m))
  (alias core export $i "m" (core memory $mem)) (alias core export $i "r" (core func $re))
  (alias core export $i "run" (core func $run)) (alias core export $i "t" (core table $t))
  ${[
    'resource.new $r',
    'resource.drop $r',
    'resource.rep $r',
    'backpressure.inc',
    'backpressure.dec',
    'task.return (result u8) (memory $mem)',
    'task.return',
    'task.cancel',
    'context.get i32 0',
    'context.set i64 0',
    'subtask.cancel async',
    'subtask.drop',
    ...['stream', 'future'].flatMap((kind) => [
      `${kind}.new $${kind[0]}`,
      `${kind}.read $${kind[0]} async (memory $mem) (realloc $re)`,
      `${kind}.write $${kind[0]} (memory $mem) string-encoding=utf16`,
      `${kind}.cancel-read $${kind[0]} async`,
      `${kind}.cancel-write $${kind[0]}`,
      `${kind}.drop-readable $${kind[0]}`,
      `${kind}.drop-writable $${kind[0]}`,
    ]),
    'error-context.new (memory $mem)',
    'error-context.debug-message (memory $mem) (realloc $re)',
    'error-context.drop',
    'waitable-set.new',
    'waitable-set.wait (memory $mem)',
    'waitable-set.poll (memory $mem)',
    'waitable-set.drop',
    'waitable.join',
    'thread.index',
    'thread.new-indirect $cf (core table $t)',
    'thread.resume-later',
    'thread.suspend',
    'thread.yield',
    'thread.suspend-then-resume',
    'thread.yield-then-resume',
    'thread.suspend-then-promote',
    'thread.yield-then-promote',
    'thread.spawn-ref $ft',
    'thread.spawn-indirect $ft (core table $t)',
    'thread.available_parallelism',
  ]
    .map((definition) => `(core func (canon ${definition}))`)
    .join('\n')}
  (func $lifted (canon lift (core func $run)))
  (export "run" (func $lifted))`;

/** Core types in the declarations of a type, which are read over. */
const CORE_TYPES = `
  (type $t (instance
    (core type (func (param i32 (ref null func) externref) (result v128)))
    (core type (module (type (func)) (import "a" "b" (func (type 0))) (import "a" "t" (table 1 2 funcref))
      (import "a" "g" (global (mut i32))) (export "m" (memory 1)) (export "x" (tag (param i32)))))
    (core type (struct (field i8) (field (mut (ref any)))))
    (core type (array i16))
    (core type $open (sub (func))) (core type (sub final $open (func)))
    (export "f" (func))))
  (import "i" (instance (type $t)))`;

const [canonical, coreTypes, shared, composed, inline, names, others, ascribed, levels] = makeEach(
  [
    CANONICAL,
    CORE_TYPES,
    // One instance type for two imports: each has a resource of its own.
    `(type $t (instance (export "r" (type $r (sub resource))) (export "get" (func (result (own $r))))))
     (import "a:b/one" (instance (type $t))) (import "a:b/two" (instance (type $t)))`,
    // A component with the type of its import given, whose resource comes from outside.
    `(import "a:b/types" (instance $types
       (export "r" (type (sub resource)))
       (type $p' (record (field "x" u8))) (export "p" (type $p (eq $p')))
       (export "make" (func (result $p)))))
     (component $inner
       (import "types" (instance $t
         (export "r" (type (sub resource)))
         (type $q' (record (field "x" u8))) (export "p" (type $q (eq $q')))
         (export "make" (func (result $q)))))
       (alias export $t "r" (type $r)) (alias export $t "p" (type $p)) (alias export $t "make" (func $make))
       (export $r2 "r" (type $r)) (export $p2 "p" (type $p))
       (export "make" (func $make) (func (result $p2))))
     (instance $made (instantiate $inner (with "types" (instance $types))))
     (export "a:b/again" (instance $made))`,
    // Instances put together from single items, under two names.
    `(import "f" (func $f (param "x" u8) (result string)))
     (instance $i (export "f" (func $f)))
     (export "one" (instance $i)) (export "two" (instance $i))`,
    // All forms of names.
    `(import "a:b/c@1.2" (versionsuffix ".3") (instance (export "f" (func))))
     (import "mine" (implements "a:b/c@1.2.3") (instance (export "f" (func))))
     (import "yours" (implements "x:y/z@0.1") (versionsuffix ".9") (external-id "q") (instance))
     (import "[implements=<k:l/m>]old" (instance))`,
    // What no WIT world speaks of.
    `(import "m" (core module (export "f" (func)))) (import "c" (component (export "f" (func))))
     (import "f" (func)) (import "t" (type (sub resource))) (import "n:s/i@0.1.0" (instance))`,
    // Exports described more narrowly than they are.
    `(import "i" (instance $i (export "f" (func)) (export "g" (func))))
     (export "e" (instance $i) (instance (export "f" (func))))`,
    // Outer aliases over several levels, and a component made twice.
    `(type $u (record (field "x" u8)))
     (import "u" (type $v (eq $u)))
     (component $c
       (component $d
         (alias outer 2 $v (type $w))
         (import "f" (func $f (param "x" $w)))
         (export "g" (func $f)))
       (import "f" (func $f (param "x" $v)))
       (instance $d1 (instantiate $d (with "f" (func $f))))
       (export "d" (instance $d1)))
     (import "f" (func $f (param "x" $v)))
     (instance $c1 (instantiate $c (with "f" (func $f))))
     (alias export $c1 "d" (instance $d)) (alias export $d "g" (func $g))
     (instance $c2 (instantiate $c (with "f" (func $g))))
     (alias export $c2 "d" (instance $e))
     (export "d" (instance $e))`,
  ].map((text) => ({ make: 'binary', wat: `(component ${text})` }) as const),
);

/** Not undefined: the list above has as many. */
const given = (bytes: Uint8Array | undefined): Uint8Array => bytes ?? new Uint8Array();

describe('what components import and export', () => {
  test('a lifted function after every kind of canonical definition', () => {
    expect(decoded(given(canonical)).exports).toEqual({ run: 'run: freestanding() -> _' });
  });

  test('core types between declarations', () => {
    expect(decoded(given(coreTypes)).interfaces).toEqual({
      'imports i': { types: {}, functions: { f: 'f: freestanding() -> _' } },
    });
  });

  test('two imports of one instance type', () => {
    expect(decoded(given(shared)).interfaces).toEqual({
      'a:b/one': { types: { r: 'resource' }, functions: { get: 'get: freestanding() -> own(a:b/one#r)' } },
      'a:b/two': { types: { r: 'resource' }, functions: { get: 'get: freestanding() -> own(a:b/two#r)' } },
    });
  });

  test('types that pass through a component inside keep their identity', () => {
    expect(decoded(given(composed)).interfaces).toEqual({
      'a:b/types': {
        types: { p: 'record(x: u8)', r: 'resource' },
        functions: { make: 'make: freestanding() -> a:b/types#p' },
      },
      'a:b/again': {
        types: { p: 'a:b/types#p', r: 'a:b/types#r' },
        functions: { make: 'make: freestanding() -> a:b/again#p' },
      },
    });
  });

  test('one instance exported twice', () => {
    const f = { f: 'f: freestanding(x: u8) -> string' };
    expect(decoded(given(inline))).toMatchObject({
      imports: f,
      interfaces: { 'exports one': { functions: f }, 'exports two': { functions: f } },
    });
  });

  test('names with a version suffix, names of their own, the form of names of 2025', () => {
    expect(decoded(given(names)).imports).toEqual({
      'a:b/c@1.2.3': 'a:b/c@1.2.3',
      mine: 'a:b/c@1.2.3',
      yours: 'x:y/z@0.1.9',
      old: 'k:l/m',
    });
  });

  test('imports are listed, also those that are no part of a world', () => {
    expect(describeImports(given(others))).toEqual([
      { name: 'm', kind: 'core-module' },
      { name: 'c', kind: 'component' },
      { name: 'f', kind: 'function' },
      { name: 't', kind: 'type' },
      { name: 'n:s/i@0.1.0', kind: 'interface', interface: 'n:s/i@0.1.0' },
    ]);
    expect(describeImports(given(names)).map((item) => item.interface)).toEqual([
      'a:b/c@1.2.3',
      'a:b/c@1.2.3',
      'x:y/z@0.1.9',
      'k:l/m',
    ]);
    expect(Object.keys(decoded(given(others)).imports)).toEqual(['f', 'n:s/i@0.1.0', 't']);
  });

  test('an export is what it is said to be, not all that it is', () => {
    expect(Object.keys(decoded(given(ascribed)).interfaces['exports e']?.functions ?? {})).toEqual(['f']);
  });

  test('aliases over several levels', () => {
    expect(decoded(given(levels)).interfaces).toEqual({
      'exports d': { types: {}, functions: { g: 'g: freestanding(x: world#u) -> _' } },
    });
  });

  test('an empty component, and sections that are not known to it', () => {
    const empty = { imports: {}, exports: {}, interfaces: {}, reached: {} };
    expect(decoded(component())).toEqual(empty);
    expect(decoded(component(section(0, ['anything', 1, 2, 3]), section(12, list([]))))).toEqual(empty);
  });

  test('the name of a function that was async before types were', () => {
    const type = section(7, list([[0x40, 0x00, 0x01, 0x00]]));
    const bytes = component(type, section(10, list([[0x00, '[async]go', 0x01, 0x00]])));
    expect(decoded(bytes).imports).toEqual({ go: 'go: async-freestanding() -> _' });
  });

  test('names in objects are only those of the binary', () => {
    const { resolved, world } = decodeComponent(component());
    expect('constructor' in (resolved.worlds[world]?.imports ?? {})).toBe(false);
  });
});
