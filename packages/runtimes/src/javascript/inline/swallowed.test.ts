// QuickJS tells a program to end by an exception that no handler catches; the executor of a promise swallows it all the
// same, and where the questions fall into executors only, a loop would never end.
import { DEFAULT_LIMITS, type LoadedAgent } from '@pypes/contract';
import { expect, it } from 'vitest';
import { createTestContext } from '../../testing/context.ts';
import { compileInlineModules } from '../../testing/inline-modules.ts';
import { sourceFile } from '../../testing/source-file.ts';
import { createInlineJavascript } from './index.ts';

const CALLS = Array.from({ length: 12 }, (_, calls) => calls);

it.each([
  ...CALLS.map((calls) => ['promises', `new Promise(() => { ${'f();'.repeat(calls)} })`, calls] as const),
  ...CALLS.map((calls) => ['promises in promises', `g(${calls})`, calls] as const),
  ...CALLS.map((calls) => ['questions', `context.memory.get('x'); ${'f();'.repeat(calls)}`, calls] as const),
])('an endless loop of %s ends (%s)', async (_name, body) => {
  const source = `export const AGENT = { name: 'a' };
const f = () => {};
const g = (n) => new Promise(() => { for (;;) { f(); if (n > 0) g(n - 1); } });
export async function run(context) { for (;;) { ${body} } }`;
  const runtime = createInlineJavascript(compileInlineModules());
  try {
    const [agent] = await runtime.load(sourceFile('a.mjs', source), { ...DEFAULT_LIMITS, cpuMs: 60 });
    const calling = (agent as LoadedAgent).run(createTestContext(), {});
    await expect(calling).rejects.toMatchObject({ code: 'resource_exhausted' });
  } finally {
    await runtime.close();
  }
});
