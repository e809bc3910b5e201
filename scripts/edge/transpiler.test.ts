// The transpiler as the edge has it: the same answers as everywhere, as often as it is asked, within its bounds.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { $init, generate } from '@bytecodealliance/jco-transpile/component';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CreateTool, createTranspiler } from '../../packages/runtimes/src/component/inline/transpiler.ts';
import { transpileWith } from '../../packages/runtimes/src/component/transpile/tool.ts';
import { readTranspiler } from './transpiler.ts';

const ROOT = join(import.meta.dirname, '../..');
const SKILL = readFileSync(join(ROOT, 'skills/statistics/component.wasm'));
const HOW = { imports: [], waiting: undefined };

describe('the transpiler of the edge', () => {
  const { text, modules } = readTranspiler(join(ROOT, 'node_modules/@bytecodealliance/jco-transpile/vendor'));
  const compiled: { [name: string]: WebAssembly.Module } = {};
  let createTool: CreateTool;
  beforeAll(async () => {
    await $init;
    for (const [name, bytes] of Object.entries(modules))
      compiled[name] = await WebAssembly.compile(bytes as Uint8Array<ArrayBuffer>);
    const module: unknown = await import(`data:text/javascript;base64,${Buffer.from(text).toString('base64')}`);
    ({ createTool } = module as { readonly createTool: CreateTool });
  });

  it('answers as it does elsewhere, each time', async () => {
    const transpile = createTranspiler(createTool, compiled);
    const expected = transpileWith(generate, SKILL, HOW);
    for (const made of [await transpile(SKILL, HOW), await transpile(SKILL, HOW)]) expect(made).toEqual(expected);
  });

  it('refuses what is no component, and goes on', async () => {
    const transpile = createTranspiler(createTool, compiled);
    await expect(transpile(Uint8Array.of(0, 0x61, 0x73, 0x6d), HOW)).rejects.toThrow();
    expect((await transpile(SKILL, HOW)).glue).toContain('instantiate');
  });

  it('ends where it has no fuel left', async () => {
    await expect(createTranspiler(createTool, compiled, 1_000n)(SKILL, HOW)).rejects.toThrow(/instructions/);
  });
});
