// What core modules may allocate: bounded before they are compiled, however they ask for it.
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { PypesError } from '@pypes/contract';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { boundModule, boundModules } from './memory.ts';
import { createHarness, outcomeOf } from './testing/harness.ts';
import { withImportedMemory, withInstances, withMemory, withModules } from './testing/memories.ts';

const PAGE = 65_536;
const { load, close } = createHarness();
afterAll(close);

const pagesOf = (module: Uint8Array<ArrayBuffer>): number => {
  const { memory } = new WebAssembly.Instance(new WebAssembly.Module(module)).exports as { memory: WebAssembly.Memory };
  for (;;) {
    try {
      memory.grow(1);
    } catch {
      return memory.buffer.byteLength / PAGE;
    }
  }
};
const module = async (text: string) => new Uint8Array(await parse(`(module ${text})`));
const refusal = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return error instanceof PypesError ? error.code : error;
  }
  return 'nothing was refused';
};

describe('one memory', () => {
  it.each([
    ['no maximum', '1', 4, 4],
    ['a maximum above the bound', '1 1000', 4, 4],
    ['a maximum at the bound', '1 4', 4, 4],
    ['a maximum below the bound', '1 3', 4, 3],
    ['a beginning at the bound', '4', 4, 4],
    ['a bound that ends in the middle of a page', '1', 3.99, 3],
    ['no pages at all', '0', 0, 0],
  ])('with %s', async (_name, memory, pages, most) => {
    const bounded = boundModule(await module(`(memory (export "memory") ${memory})`), pages * PAGE, 'a.wasm');
    expect(pagesOf(bounded)).toBe(most);
  });

  it.each([
    ['begins beyond the bound', '(memory 5)'],
    ['is shared', '(memory 1 2 shared)'],
    ['has pages of its own size', '(memory 1 (pagesize 1))'],
    ['begins beyond the bound with addresses of 64 bits', '(memory i64 5)'],
    ['begins as large as it can be said', '(memory i64 0xffffffffffff)'],
  ])('that %s is refused', async (_name, memory) => {
    const bytes = await module(memory);
    expect(refusal(() => boundModule(bytes, 4 * PAGE, 'a.wasm'))).toBe('agent_broken');
  });

  it('with addresses of 64 bits is bounded like any other', async () => {
    const bounded = boundModule(await module('(memory (export "memory") i64 1)'), 4 * PAGE, 'a.wasm');
    const { memory } = new WebAssembly.Instance(new WebAssembly.Module(bounded)).exports as unknown as {
      memory: { grow(pages: bigint): bigint };
    };
    expect(memory.grow(3n)).toBe(1n);
    expect(() => memory.grow(1n)).toThrow(RangeError);
  });
});

describe('many memories', () => {
  const most = (modules: { readonly [name: string]: Uint8Array<ArrayBuffer> }) =>
    Object.values(modules).reduce((sum, each) => {
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(each));
      for (const memory of Object.values(exports) as WebAssembly.Memory[]) {
        for (let pages = 1024; pages >= 1; ) {
          try {
            memory.grow(pages);
          } catch {
            pages /= 2;
          }
        }
        sum += memory.buffer.byteLength / PAGE;
      }
      return sum;
    }, 0);

  it('together stay within the bound, in whatever modules they are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat(3), { maxLength: 3 }), { minLength: 1, maxLength: 3 }),
        fc.nat(40),
        async (shapes, pages) => {
          const modules: { [name: string]: Uint8Array } = {};
          for (const [at, memories] of shapes.entries()) {
            modules[at] = await module(memories.map((min, n) => `(memory (export "m${n}") ${min})`).join(' '));
          }
          const started = shapes.flat().reduce((sum, min) => sum + min, 0);
          if (started > pages) {
            expect(refusal(() => boundModules(modules, pages * PAGE, 'a.wasm'))).toBe('agent_broken');
            return;
          }
          const bounded = boundModules(modules, pages * PAGE, 'a.wasm');
          expect(most(bounded.modules)).toBeLessThanOrEqual(pages);
          expect(most(bounded.modules)).toBeGreaterThanOrEqual(started);
          expect(bounded.once).toEqual(shapes.flatMap((memories, at) => (memories.length > 0 ? [String(at)] : [])));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('share the bound of a component that has one in each module', async () => {
    const { use } = await load(withModules(4), { guestBytes: 64 * PAGE });
    const grown = await Promise.all([0, 1, 2, 3].map((at) => use(`grow-${at}`) as Promise<number>));
    expect(grown).toEqual([16, 16, 16, 16]);
  });

  it('of a module that is instantiated twice are refused, exported or not', async () => {
    for (const memory of ['(memory 1)', '(memory (export "m") 1)', '(table 1 funcref)']) {
      const { use } = await load(withInstances(2, memory));
      expect(await outcomeOf(use('one'))).toMatchObject({
        code: 'resource_exhausted',
        details: { limit: 'guest_bytes' },
      });
    }
    const { use } = await load(withInstances(2, ''));
    expect(await use('one')).toBe(1);
  });

  it('cannot be had by thousands of instances', async () => {
    const { use } = await load(withInstances(257, ''));
    expect(await outcomeOf(use('one'))).toMatchObject({ code: 'resource_exhausted' });
  });
});

describe('growing, seen from inside', () => {
  it.each([
    ['none said', '(memory 1)', 8],
    ['more than there is', '(memory 1 65536)', 8],
    ['less than there is', '(memory 1 5)', 5],
    ['all of it at once', '(memory 8)', 8],
  ])('stops at the limit: %s', async (_name, memory, pages) => {
    const { use } = await load(withMemory(memory), { guestBytes: 8 * PAGE });
    expect(await use('grow')).toBe(pages);
    expect(await use('grow')).toBe(pages);
  });

  it('stops at the limit where the memory is imported from another module', async () => {
    const open = await load(withImportedMemory('1', '1'), { guestBytes: 8 * PAGE });
    expect(await open.use('grow')).toBe(8);
    const said = await load(withImportedMemory('1 1000', '1 2000'), { guestBytes: 8 * PAGE });
    expect(await said.use('grow')).toBe(8);
  });

  it('is refused before the first instruction where the beginning is too much', async () => {
    const { use } = await load(withMemory('(memory 9)'), { guestBytes: 8 * PAGE });
    expect(await outcomeOf(use('grow'))).toMatchObject({ code: 'agent_broken' });
  });
});

describe('tables', () => {
  const entriesOf = (bytes: Uint8Array<ArrayBuffer>): number => {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    return (Object.values(exports) as WebAssembly.Table[]).reduce((sum, table) => {
      for (let entries = 65_536; entries >= 1; ) {
        try {
          table.grow(entries);
        } catch {
          entries = Math.floor(entries / 2);
        }
      }
      return sum + table.length;
    }, 0);
  };

  it.each([
    ['one', '(table (export "t") 10 funcref)', 100_000],
    ['one with a maximum below', '(table (export "t") 10 20 funcref)', 20],
    ['two of two kinds', '(table (export "t") 10 funcref) (table (export "u") 10 externref)', 100_000],
  ])('%s', async (_name, text, most) => {
    expect(entriesOf(boundModule(await module(text), PAGE, 'a.wasm'))).toBe(most);
  });

  it.each([
    ['begins too large', '(table 100001 funcref)'],
    ['begin too large together', '(table 60000 funcref) (table 60000 funcref)'],
    ['is of a kind of its own', '(type $f (func)) (table 1 (ref null $f))'],
    ['is filled by an expression', '(func $f) (elem declare func $f) (table 1 (ref func) (ref.func $f))'],
  ])('that %s is refused', async (_name, text) => {
    const bytes = await module(text);
    expect(refusal(() => boundModule(bytes, PAGE, 'a.wasm'))).toBe('agent_broken');
  });
});

describe('a module that is cut off', () => {
  it('is refused wherever the cut is, or is whole again', async () => {
    const bytes = await module('(memory 1 2) (table 1 funcref) (func (export "f") (result i32) i32.const 1)');
    for (let end = 9; end < bytes.length; end++) {
      const part = bytes.slice(0, end);
      const result = refusal(() => new WebAssembly.Module(boundModule(part, 4 * PAGE, 'a.wasm')));
      // A cut between sections leaves a module that is too short, not one that is too large.
      expect(
        result === 'agent_broken' || result === 'nothing was refused' || result instanceof WebAssembly.CompileError,
      ).toBe(true);
    }
  });

  it('never becomes one with more memory than allowed, whatever its bytes are', async () => {
    const bytes = await module('(memory (export "memory") 1) (table 1 funcref)');
    fc.assert(
      fc.property(fc.nat(bytes.length - 9), fc.nat(255), (at, byte) => {
        const damaged = bytes.slice();
        damaged[8 + at] = byte;
        let compiled: WebAssembly.Module;
        try {
          compiled = new WebAssembly.Module(boundModule(damaged, 4 * PAGE, 'a.wasm'));
        } catch {
          return;
        }
        for (const { kind } of WebAssembly.Module.imports(compiled)) expect(kind).not.toBe('memory');
        for (const each of Object.values(new WebAssembly.Instance(compiled).exports)) {
          if (!(each instanceof WebAssembly.Memory)) continue;
          expect(() => each.grow(5)).toThrow();
        }
      }),
    );
  });
});
