// QuickJS with shorter ways between its questions whether to stop.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createQuickJs } from '../sandbox/guest/instance.ts';
import { withFineInterrupts } from './index.ts';

const bytes = readFileSync(fileURLToPath(import.meta.resolve('@jitl/quickjs-ng-wasmfile-release-sync/wasm')));

async function questionsOf(module: Uint8Array<ArrayBuffer>, program: string): Promise<number> {
  const quickJs = await createQuickJs(new WebAssembly.Module(module), 2 ** 24);
  const runtime = quickJs.newRuntime();
  let questions = 0;
  runtime.setInterruptHandler(() => {
    questions++;
    return false;
  });
  runtime.newContext().evalCode(program);
  return questions;
}

it('asks a hundred times as often', async () => {
  const loop = 'for (let i = 0; i < 100_000; i++);';
  const coarse = await questionsOf(new Uint8Array(bytes), loop);
  const fine = await questionsOf(withFineInterrupts(bytes), loop);
  expect(coarse).toBeGreaterThan(5);
  expect(fine / coarse).toBeGreaterThan(80);
  expect(fine / coarse).toBeLessThan(120);
});

it('refuses what it does not know', () => {
  expect(() => withFineInterrupts(new Uint8Array(100))).toThrow(/another way/);
  expect(() => withFineInterrupts(withFineInterrupts(bytes))).toThrow(/another way/);
});
