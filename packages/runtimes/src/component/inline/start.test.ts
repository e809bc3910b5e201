// A start function that is called later is the same function: nothing else of a module changes.
import { describe, expect, it } from 'vitest';
import { assemble } from '../core/testing/assemble.ts';
import { deferStart, START_EXPORT } from './start.ts';

const instantiate = async (text: string) => {
  const module = deferStart((await assemble(text)) as Uint8Array<ArrayBuffer>, 'a.wasm');
  return (await WebAssembly.instantiate(module)).instance.exports as {
    readonly [name: string]: WebAssembly.Global & (() => void);
  };
};

describe('a module with a start function', () => {
  it('runs it when it is called', async () => {
    const exports = await instantiate(`(module
      (global $ran (export "ran") (mut i32) (i32.const 0))
      (func $other) (func $start (global.set $ran (i32.add (global.get $ran) (i32.const 1))))
      (func (export "f"))
      (start $start) (data "x") (table 1 funcref) (elem (i32.const 0) $other))`);
    expect(Object.keys(exports)).toEqual(['ran', 'f', START_EXPORT]);
    expect(exports.ran?.value).toBe(0);
    exports[START_EXPORT]?.();
    expect(exports.ran?.value).toBe(1);
  });

  it('stays as it is where it has none', async () => {
    const bytes = (await assemble('(module (func (export "f")))')) as Uint8Array<ArrayBuffer>;
    expect(deferStart(bytes, 'a.wasm')).toBe(bytes);
  });

  it('is refused where it is cut off', async () => {
    const bytes = (await assemble('(module (func $f (export "f")) (start $f))')) as Uint8Array<ArrayBuffer>;
    expect(() => deferStart(bytes.slice(0, -1), 'a.wasm')).toThrow(expect.objectContaining({ code: 'agent_broken' }));
  });
});
