// Shared suite: arguments in, results out.
import { DEFAULT_LIMITS, type Json, type LoadedAgent } from '@pypes/contract';
import { expect } from 'vitest';
import { type Harness, runOnce } from './harness.ts';

const VALUES: { readonly [kind: string]: Json } = {
  null: null,
  true: true,
  false: false,
  zero: 0,
  'a negative integer': -7,
  'the largest exact integer': Number.MAX_SAFE_INTEGER,
  'a fraction': 0.1,
  'a large number': 1e300,
  'the empty text': '',
  'text of all planes': 'é – 漢字 – 🎈 – \u0000\u001f\u2028"\\',
  'a long text': 'ab✓'.repeat(100_000),
  'the empty list': [],
  'the empty object': {},
  'nested values': [[1, { a: [null, { '': 'empty key', __proto__: 1 }] }], 'x'],
};

export function testCalls({ test, load, file, runtime }: Harness): void {
  for (const [kind, text] of Object.entries(VALUES)) {
    test(`gives back ${kind}`, { agents: ['echo'] }, async () => {
      expect((await runOnce(await load('echo'), { text })).output).toStrictEqual({ text });
    });
  }

  test('returns each type of JSON', { agents: ['types'] }, async () => {
    expect((await runOnce(await load('types'))).output).toStrictEqual({
      yes: true,
      no: false,
      nothing: null,
      whole: 42,
      broken: 0.5,
      text: 'é',
      list: [1, [2]],
      object: { a: { b: 1 } },
    });
  });

  test('uses the defaults of run', { agents: ['defaults'] }, async () => {
    const agent = await load('defaults');
    expect((await runOnce(agent)).output).toStrictEqual({ city: 'Oslo' });
    expect((await runOnce(agent, { city: 'Rome' })).output).toStrictEqual({ city: 'Rome' });
  });

  test('answers each of 200 calls at once with its own result', { agents: ['defaults'] }, async () => {
    const agent = await load('defaults');
    const calls = Array.from({ length: 200 }, (_, n) => runOnce(agent, { city: `city ${n}` }));
    const outputs = (await Promise.all(calls)).map(({ output }) => output);
    expect(outputs).toStrictEqual(Array.from({ length: 200 }, (_, n) => ({ city: `city ${n}` })));
  });

  test('finishes a call on the version it began with', { agents: ['sleep', 'types'] }, async () => {
    const old = await load('sleep');
    const call = runOnce(old, { ms: 300 });
    const next = await load('types');
    expect((await runOnce(next)).output).toMatchObject({ whole: 42 });
    expect((await call).output).toBe('slept');
    await old.close();
    expect((await runOnce(next)).output).toMatchObject({ whole: 42 });
  });

  test('serves the same file of two packs', { agents: ['defaults'] }, async () => {
    const loaded = await Promise.all(
      ['pack-a', 'pack-b'].map(async (packGuid) => runtime.load(await file('defaults', { packGuid }), DEFAULT_LIMITS)),
    );
    const [first, second] = loaded.flat() as [LoadedAgent, LoadedAgent];
    await first.close();
    expect((await runOnce(second, { city: 'Rome' })).output).toStrictEqual({ city: 'Rome' });
  });

  test('loads a version again after it was closed', { agents: ['types'] }, async () => {
    const agent = await load('types');
    await runOnce(agent);
    await agent.close();
    expect((await runOnce(await load('types'))).output).toMatchObject({ text: 'é' });
  });
}
