// Attack: reach Node, the host's realm or the network by a global or by walking constructors.
import { describe, expect, it } from 'vitest';
import { JS_SANDBOXES, js } from './attacks.ts';

describe.each(JS_SANDBOXES)('$name', ({ open }) => {
  const { attack, expectUnharmed } = open();

  it.each([
    'process',
    'require',
    'module',
    'Buffer',
    'global',
    'window',
    'self',
    'Deno',
    'Bun',
    'fetch',
    'XMLHttpRequest',
    'WebSocket',
    'Worker',
    'SharedArrayBuffer_',
    'WebAssembly',
    'std',
    'os',
    'bjson',
    'scriptArgs',
    '__filename',
    'navigator',
    'print',
  ])('%s is not there', async (name) => {
    expect((await attack(js(`return typeof ${name}`))).output).toBe('undefined');
    await expectUnharmed();
  });

  const START = [
    'this',
    'globalThis',
    'context',
    'context.memory',
    'context.memory.get',
    'context.fetch',
    'args',
    'console.log',
    'setTimeout',
    'URL',
    'crypto',
    '(async () => {})',
    '(function* () {})',
    'new Error("x")',
    'Promise.resolve()',
    'context.log("info", "x")',
  ];

  it.each(START)('constructors from %s lead nowhere', async (start) => {
    const walk = `
    const found = [];
    const attempts = ['return process', 'return require', 'return globalThis.process', 'return this.constructor.constructor("return process")()'];
    for (const code of attempts) {
      try {
        const value = (${start})?.constructor?.constructor?.(code)?.();
        if (value !== undefined) found.push(code);
      } catch {}
    }
    return found;`;
    expect((await attack(js(walk))).output ?? []).toStrictEqual([]);
  });

  it('an error thrown by the host carries nothing of its realm', async () => {
    const body = `
    try { await context.vault.get('x'); } catch (error) {
      return [error instanceof Error, typeof error.constructor.constructor('return typeof process')(), error.stack.includes('file:///'), /\\/packages\\//.test(error.stack)];
    }`;
    expect((await attack(js(body))).output).toStrictEqual([true, 'string', false, false]);
  });

  it('code that it makes itself stays inside', async () => {
    const { output } = await attack(
      js('return [eval("typeof process"), Function("return typeof require")(), (0, eval)("typeof globalThis")]'),
    );
    expect(output).toStrictEqual(['undefined', 'undefined', 'object']);
  });
});
