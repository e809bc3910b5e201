// Attack: import files, builtins and what the sandbox itself is made of.
import { describe, expect, it } from 'vitest';
import { JS_SANDBOXES, js } from './attacks.ts';

describe.each(JS_SANDBOXES)('$name', ({ open }) => {
  const { attack, load, expectUnharmed } = open();

  const NAMES = [
    'node:fs',
    'fs',
    'os',
    'std',
    '/etc/passwd',
    'file:///etc/passwd',
    '../guest/capabilities.ts',
    'data:text/javascript,1',
    'sandbox:/start',
    'sandbox:/javascript/sandbox/inside/prelude.ts',
    'quickjs-emscripten-core',
  ];

  it.each(NAMES)('import "%s" is refused before anything runs', async (name) => {
    const source = js('return 1', `import ${JSON.stringify(name)};`);
    await expect(load(source)).rejects.toMatchObject({ code: 'agent_broken', details: { line: 1 } });
  });

  it.each(NAMES)('import("%s") fails while it runs', async (name) => {
    const { output } = await attack(
      js(`try { await import(${JSON.stringify(name)}); return 'in' } catch (error) { return 'out' }`),
    );
    expect(output).toBe('out');
    await expectUnharmed();
  });
});
