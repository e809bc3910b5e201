// The glue is edited by text: it has to be the text that this version of the tool writes.
import { $init, generate } from '@bytecodealliance/jco-transpile/component';
import { beforeAll, describe, expect, it } from 'vitest';
import { amplifying } from '../testing/amplifying.ts';
import { makeStrict } from '../transpile/strict.ts';
import { type Transpiled, transpileWith } from '../transpile/tool.ts';
import { toIsolateGlue } from './glue.ts';

const WAITING = { imports: ['wasi:io/poll@0.2.12#[method]pollable.block'], exports: ['wait', 'sleep'] };
const IMPORTS = ['random/random', 'clocks/monotonic-clock', 'io/poll', 'cli/stdout', 'io/streams'];

describe('glue for an isolate', () => {
  let before: Transpiled;
  let after: Transpiled;
  beforeAll(async () => {
    await $init;
    const imports = IMPORTS.map((name) => `wasi:${name}@0.2.12`);
    const { glue, modules } = transpileWith(generate, await amplifying(), { imports, waiting: WAITING });
    before = { glue: makeStrict(glue), modules };
    after = toIsolateGlue(before);
  });

  it('has what waits counted, and what is read out of the memory', () => {
    expect(before.glue.match(/new WebAssembly\.Suspending\(/g)?.length).toBeGreaterThan(0);
    expect(after.glue.match(/new WebAssembly\.Suspending\(/g)).toHaveLength(1);
    expect(after.glue).toMatch(/\$left -= cost;\s+if \(\$left < 0\) \$refuse\(\);\s+\$spend\(cost \* 4\);/);
  });

  it('compiles no WebAssembly', () => {
    expect(after.glue).not.toMatch(/new WebAssembly\.Module\(|WebAssembly\.compile\(/);
  });

  it('gives modules that were numbers in its text as modules', async () => {
    const numbers = [...Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)].map((byte) => `0x${byte.toString(16)}`);
    const glue = `const m = new WebAssembly.Module(new Uint8Array([\n  ${numbers.join(', ')},\n]));`;
    const made = toIsolateGlue({ glue, modules: {} });
    const [name = '', bytes] = Object.entries(made.modules)[0] ?? [];
    expect(made.glue).toContain(`const m = getCoreModule("${name}");`);
    expect(WebAssembly.validate(bytes as Uint8Array<ArrayBuffer>)).toBe(true);
  });
});
