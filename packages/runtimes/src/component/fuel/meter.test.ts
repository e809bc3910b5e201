// How a module is rewritten: what it gains, what it keeps, what is refused; and never does a wrong one become right.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FUEL_EXPORT, INITIAL_FUEL, meterModule, meterModules } from './index.ts';
import {
  type Bytes,
  body,
  CODE,
  CUSTOM,
  ELEMENTS,
  EXPORTS,
  encodeModule,
  exported,
  FUNCTIONS,
  GLOBALS,
  IMPORTS,
  MEMORIES,
  type Sections,
  START,
  TYPES,
  text,
  vector,
} from './testing/encode.ts';
import { programs } from './testing/programs.ts';
import { assemble, refusalOf } from './testing/run.ts';

const NOTHING_TO_NOTHING = [0x60, 0, 0];
const I32 = 0x7f;
const functions = (...codes: readonly Bytes[]): Sections => [
  [TYPES, vector([NOTHING_TO_NOTHING])],
  [FUNCTIONS, vector(codes.map(() => [0]))],
  [CODE, vector(codes.map((code) => body([], code)))],
];
const sectionsOf = (module: Uint8Array<ArrayBuffer>, name: string) =>
  WebAssembly.Module.customSections(new WebAssembly.Module(module), name).length;

describe('a metered module', () => {
  it.each([
    ['nothing at all', ''],
    ['a memory alone', '(memory (export "memory") 1)'],
    ['functions without exports', '(func) (func)'],
    ['globals of its own', '(global i32 (i32.const 1)) (global (export "g") (mut i64) (i64.const 1))'],
    ['globals of others', '(import "a" "g" (global i32)) (global i32 (global.get 0)) (func (export "f"))'],
    ['a start function', '(func $f) (start $f)'],
    [
      'tags, elements and data',
      '(tag) (memory 1) (table 1 funcref) (elem (i32.const 0) $f) (func $f) (data (i32.const 0) "a")',
    ],
    ['a count of data', '(memory 1) (data $d "a") (func (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1)))'],
    [
      'memories of 64 bits',
      '(memory i64 1) (memory 1) (func (memory.copy 0 1 (i64.const 0) (i32.const 1) (i32.const 1)))',
    ],
    [
      'types in groups',
      '(rec (type $a (sub (struct (field (ref null $b) i8)))) (type $b (array (mut i16)))) (func (param (ref $a)))',
    ],
    ['tables with a start', '(func $f) (table 1 2 (ref func) (ref.func $f))'],
    [
      'elements of all kinds',
      '(table 1 funcref) (func $f) (elem declare func $f) (elem funcref (ref.func $f)) (elem (table 0) (offset (i32.const 0)) func $f)',
    ],
    [
      'vectors',
      '(memory 1) (func (drop (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 (v128.const i64x2 1 2) (v128.load offset=9 (i32.const 0))))) ',
    ],
  ])('with %s shows its fuel, and else is the same', async (_name, code) => {
    const plain = await assemble(code);
    const metered = new WebAssembly.Module(meterModule(plain, 'a.wasm'));
    expect(WebAssembly.Module.exports(metered)).toStrictEqual([
      ...WebAssembly.Module.exports(new WebAssembly.Module(plain)),
      { name: FUEL_EXPORT, kind: 'global' },
    ]);
    const imports = { a: { g: 1 } };
    const { exports } = new WebAssembly.Instance(metered, imports);
    const fuel = exports[FUEL_EXPORT] as WebAssembly.Global<'i64'>;
    expect(fuel.value).toBeGreaterThan(INITIAL_FUEL - 1000n);
    expect(fuel.value).toBeLessThanOrEqual(INITIAL_FUEL);
  });

  it('is one of several, each of which has fuel of its own', async () => {
    const plain = await assemble('(func (export "f"))');
    const { a, b, ...others } = meterModules({ a: plain, b: plain }, 'a.wasm');
    expect(others).toStrictEqual({});
    expect(a).toStrictEqual(meterModule(plain, 'a.wasm'));
    expect(b).toStrictEqual(a);
  });

  it('loses what tools say about places in its code, and keeps what they say about names', () => {
    const stale = ['.debug_info', '.debug_line', 'metadata.code.branch_hint', 'reloc.CODE'];
    const kept = ['name', 'producers', 'target_features', 'dylink.0'];
    const sections = [...stale, ...kept].map((name) => [CUSTOM, text(name)] as const);
    const metered = meterModule(encodeModule([...sections, ...functions([])]), 'a.wasm');
    expect(stale.map((name) => sectionsOf(metered, name))).toStrictEqual([0, 0, 0, 0]);
    expect(kept.map((name) => sectionsOf(metered, name))).toStrictEqual([1, 1, 1, 1]);
  });

  it('costs what runs, not what could', async () => {
    const big = '(global.set $g (i32.add (global.get $g) (i32.const 1)))'.repeat(10_000);
    const module = await assemble(
      `(global $g (mut i32) (i32.const 0)) (func (export "f") (param i32) (if (local.get 0) (then ${big})))`,
    );
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(meterModule(module, 'a.wasm')));
    const fuel = exports[FUEL_EXPORT] as WebAssembly.Global<'i64'>;
    const costOf = (way: number) => {
      fuel.value = INITIAL_FUEL;
      (exports.f as (way: number) => void)(way);
      return Number(INITIAL_FUEL - fuel.value);
    };
    expect(costOf(1)).toBeGreaterThanOrEqual(40_000);
    expect(costOf(1)).toBeLessThan(41_000);
    expect(costOf(0)).toBeLessThan(100);
  });
});

describe('refused is', () => {
  const huge = [0xff, 0xff, 0xff, 0xff, 0x0f];
  const modules: readonly (readonly [string, Uint8Array])[] = [
    ['nothing', new Uint8Array()],
    ['what is no module', new Uint8Array(100)],
    ['a component', Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00)],
    ['a section that is unknown', encodeModule([[14, [0]]])],
    ['sections in another order', encodeModule([...functions([])].reverse())],
    [
      'a section that is there twice',
      encodeModule([
        [TYPES, [0]],
        [TYPES, [0]],
      ]),
    ],
    [
      'an export with the name of the fuel',
      encodeModule([
        [MEMORIES, vector([[0, 1]])],
        [EXPORTS, vector([exported(FUEL_EXPORT, 2, 0)])],
      ]),
    ],
    [
      'an import with the name of the fuel',
      encodeModule([[IMPORTS, vector([[...text('a'), ...text(FUEL_EXPORT), 3, 0x7e, 1]])]]),
    ],
    ['code that sets a global it does not have', encodeModule(functions([0x42, 1, 0x24, 0]))],
    ['code that reads a global it does not have', encodeModule(functions([0x23, 0, 0x1a]))],
    ['an export of a global it does not have', encodeModule([[EXPORTS, vector([exported('mine', 3, 0)])]])],
    [
      'code that uses a local it does not have',
      encodeModule(functions([0x20, 0, 0x1a, 0x41, 0, 0x41, 0, 0x41, 0, 0xfc, 0x0b, 0])),
    ],
    ['an instruction that is unknown', encodeModule(functions([0x27]))],
    ['one of later proposals', encodeModule(functions([0xe0, 0]))],
    ['one behind a prefix that is unknown', encodeModule(functions([0xfc, 0xff, 0xff, 0x7f]))],
    ['a type that is unknown', encodeModule([[TYPES, vector([[0x5d, 0]])]])],
    ['types without an end', encodeModule([[TYPES, huge]])],
    ['imports without an end', encodeModule([[IMPORTS, huge]])],
    ['globals without an end', encodeModule([[GLOBALS, huge]])],
    ['elements without an end', encodeModule([[ELEMENTS, huge]])],
    ['functions without an end', encodeModule([[FUNCTIONS, huge]])],
    ['code without an end', encodeModule([[CODE, huge]])],
    ['labels without an end', encodeModule(functions([0x41, 0, 0x0e, ...huge]))],
    ['handlers without an end', encodeModule(functions([0x1f, 0x40, ...huge]))],
    ['a function of a type without an end', encodeModule([[TYPES, vector([[0x60, ...huge]])]])],
    ['a number without an end', encodeModule(functions([0x42, ...new Array<number>(1000).fill(0x80), 0]))],
    ['code behind its end', encodeModule(functions([0x0b]))],
    ['code that does not end', encodeModule(functions([0x02, 0x40]))],
    [
      'a function without code',
      encodeModule(
        functions([])
          .slice(0, 2)
          .concat([[CODE, [0]]]),
      ),
    ],
    [
      'a function of no known type',
      encodeModule([
        [FUNCTIONS, vector([[3]])],
        [CODE, vector([body([], [])])],
      ]),
    ],
    [
      'more locals than any engine takes',
      encodeModule([
        ...functions().slice(0, 1),
        [FUNCTIONS, vector([[0]])],
        [CODE, vector([body([[...huge, I32]], [])])],
      ]),
    ],
    ['bytes behind the last global', encodeModule([[GLOBALS, [1, I32, 0, 0x41, 0, 0x0b, 0x7e, 0x01, 0x42]]])],
    [
      'a start without an end',
      encodeModule([
        [START, [0]],
        [START, [0]],
      ]),
    ],
  ];
  it.each(modules)('%s', (_name, module) => {
    expect(refusalOf(module)).toBe('agent_broken');
  });

  it.each([
    [
      'to wait for another thread',
      '(memory 1 1 shared) (func (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))',
    ],
    [
      'to make an array of any length at once',
      '(type $a (array i32)) (global (ref $a) (array.new_default $a (i32.const 100000000)))',
    ],
    [
      'to make many of them for a table',
      '(type $a (array i32)) (table 1 1 (ref $a) (array.new_default $a (i32.const 100000000)))',
    ],
    [
      'to make many of them for elements',
      '(type $a (array i32)) (elem (ref $a) (array.new_default $a (i32.const 100000000)))',
    ],
  ])('%s', async (_name, code) => {
    const module = await assemble(code);
    expect(WebAssembly.validate(module)).toBe(true);
    expect(refusalOf(module)).toBe('agent_broken');
  });
});

describe('bytes of any kind', () => {
  it('that end too early are refused', () => {
    fc.assert(
      fc.property(programs(), fc.nat(), (module, at) => {
        const code = refusalOf(module.subarray(0, at % module.length));
        // Between two sections it is a module still.
        expect(['agent_broken', undefined]).toContain(code);
      }),
    );
  });

  it('are refused, or as right or as wrong as before', () => {
    const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 });
    fc.assert(
      fc.property(programs(), edits, (program, places) => {
        const module = new Uint8Array(program);
        for (const [at, byte] of places) module[at % module.length] = byte;
        const isRight = WebAssembly.validate(module);
        const isRefused = refusalOf(module) !== undefined;
        expect(isRight && isRefused).toBe(false);
        if (!isRefused) expect(WebAssembly.validate(meterModule(module, 'a.wasm'))).toBe(isRight);
      }),
      { numRuns: 500 },
    );
  });
});
