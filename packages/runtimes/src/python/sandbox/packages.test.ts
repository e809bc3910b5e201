// Which installed packages an agent can import: the interpreter's, none, or those of folders that the operator names.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { agentFile } from '../testing.ts';
import { describeSandbox, useSandbox } from './testing.ts';

describeSandbox('packages', () => {
  const folder = mkdtempSync(join(tmpdir(), 'packages-'));
  writeFileSync(join(folder, 'pypes_test_package.py'), 'VALUE = 42\n');
  writeFileSync(join(folder, 'trick.pth'), 'import sys; sys.tricked = True\n');
  afterAll(() => rmSync(folder, { recursive: true }));
  const none = useSandbox({ packages: 'none' });
  const own = useSandbox({ packages: [folder] });
  const installed = useSandbox();
  const find = agentFile(
    'return [importlib.util.find_spec(name) is not None for name in args["names"]]',
    'import importlib.util',
  );

  it('are those of a folder, read-only, and none of its start-up code is run', async () => {
    const body = `import pypes_test_package as p
try:
    open(p.__file__, "a")
except OSError:
    return [p.VALUE, hasattr(sys, "tricked")]`;
    expect(await own.call(agentFile(body, 'import sys'))).toEqual([42, false]);
    expect(await own.call(find, { names: ['pip', 'json'] })).toEqual([false, true]);
  });

  it('are none', async () => {
    expect(await none.call(find, { names: ['pip', 'pypes_test_package', 'json'] })).toEqual([false, false, true]);
  });

  it('are those of the interpreter', async () => {
    const [, json] = (await installed.call(find, { names: ['pip', 'json'] })) as boolean[];
    expect(json).toBe(true);
    expect(
      await installed.call(
        agentFile('return any("-packages" in entry or "/packages/" in entry for entry in sys.path)', 'import sys'),
      ),
    ).toBe(true);
  });
});
