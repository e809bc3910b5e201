// What is left of Pyodide: much less, everything that is asked for, and nothing where it is made differently.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { beforeAll, describe, expect, it } from 'vitest';
import { withExports } from './module.ts';
import { leanScript, readNames } from './script.ts';

const { resolve } = createRequire(import.meta.url);
const read = (name: string) => readFileSync(resolve(`pyodide/${name}`));

describe('the script of Pyodide', { timeout: 60_000 }, () => {
  const source = read('pyodide.asm.mjs').toString('utf8');
  let lean = '';
  beforeAll(async () => {
    lean = await leanScript(source, ['emscripten_glClear', 'getaddrinfo'], ['module._PyRun_SimpleString']);
  }, 60_000);

  it('loses more than half', () => {
    expect(lean.length).toBeLessThan(source.length / 2);
  });

  it('keeps what WebAssembly imports and what others name, with what these need', () => {
    const names = readNames(lean);
    for (const name of ['_getaddrinfo', 'inetPton4', '_PyRun_SimpleString', 'FS', 'MEMFS'])
      expect(names).toContain(name);
    for (const name of ['_alcOpenDevice', '_emscripten_glClear', '_PyZip_Type']) expect(names).not.toContain(name);
  });

  it('gives functions that draw no address', () => {
    expect(lean).toContain('emscripten_glClear:{value:0}');
  });
});

it('a script of another shape is refused', async () => {
  await expect(leanScript('const create = () => {}; export default create;', [], [])).rejects.toThrow(/Pyodide/);
});

it('a module keeps the exports that are needed, with what they stand for', async () => {
  // Two functions, which return 1 and 2, as "one" and "two".
  const text = '0061736d010000000105016000017f0303020000070d02036f6e6500000374776f00010a0b02040041010b040041020b';
  const lean = withExports(Buffer.from(text, 'hex'), (name) => name === 'two');
  const { exports } = new WebAssembly.Instance(await WebAssembly.compile(lean));
  expect(Object.keys(exports)).toStrictEqual(['two']);
  expect((exports.two as () => number)()).toBe(2);
});

it('a module that ends too early is refused', () => {
  expect(() => withExports(Buffer.from('0061736d010000000780', 'hex'), () => true)).toThrow(/ends/);
});
