// What is said of a language before it is loaded is what it says itself, and Python is declared only where it runs.
import { describe, expect, it } from 'vitest';
import { createFunctionRuntimes, LANGUAGES } from './runtimes.ts';

describe('the languages of a function', () => {
  it.each(Object.entries(LANGUAGES))('%s is what was said of it', async (_, { about, make }) => {
    const runtime = await make();
    expect(runtime).toMatchObject(about);
    expect(runtime.companions).toEqual((about as { readonly companions?: unknown }).companions);
    expect(runtime.capabilities).toEqual({ sandboxed: true, interruptible: true, context: true });
    await runtime.close();
  });

  it('are all sandboxed, and without Python where there is none', async () => {
    const runtimes = await createFunctionRuntimes('');
    expect(runtimes.map(({ name }) => name)).toEqual(['lispy', 'lua', 'javascript', 'component']);
    for (const runtime of runtimes) {
      expect(runtime.capabilities.sandboxed).toBe(true);
      await runtime.close();
    }
  });
});
