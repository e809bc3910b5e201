// Files of a trusted folder import their siblings, and notice when those change.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createTestContext } from '../testing/context.ts';
import { agentFile, describePython, failureOf, usePython } from './testing.ts';

const VALUE = agentFile('return helper.VALUE', 'import helper');

describePython('siblings', () => {
  const python = usePython({ maxWorkers: 1 });
  const root = mkdtempSync(join(tmpdir(), 'pypes-siblings-'));
  afterAll(() => rmSync(root, { recursive: true }));

  function write(path: string, text: string): string {
    const full = join(root, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text);
    return full;
  }

  async function load(path: string, text: string) {
    return python.load(text, { location: write(path, text), path });
  }

  it('imports them, and sees every change at the next call', async () => {
    write('a/helper.py', 'VALUE = 1');
    const agent = await load('a/one.py', VALUE);
    expect(await agent.run(createTestContext(), {})).toBe(1);
    for (const value of [2, 3, 4]) {
      write('a/helper.py', `VALUE = ${value}`);
      expect(await agent.run(createTestContext(), {})).toBe(value);
    }
  });

  it('lets other agents of the folder keep what they have in memory when one is edited', async () => {
    const counts = await load('kept/counts.py', agentFile('global N\nN += 1\nreturn N', 'N = 0'));
    const edited = await load('kept/edited.py', agentFile('return 1'));
    expect(await edited.run(createTestContext(), {})).toBe(1);
    expect(await counts.run(createTestContext(), {})).toBe(1);
    const newer = await load('kept/edited.py', agentFile('return 2', '# longer than it was'));
    expect(await counts.run(createTestContext(), {})).toBe(2);
    expect(await newer.run(createTestContext(), {})).toBe(2);
    // A call in flight may still need the version before.
    expect(await edited.run(createTestContext(), {})).toBe(1);
    expect(await counts.run(createTestContext(), {})).toBe(3);
  });

  it('sees a change of an agent that another one imports', async () => {
    write('both/lib.py', agentFile('return VALUE', 'VALUE = 1'));
    const agent = await load('both/one.py', agentFile('return lib.VALUE', 'import lib'));
    expect(await agent.run(createTestContext(), {})).toBe(1);
    const lib = await load('both/lib.py', agentFile('return VALUE', 'VALUE = 22'));
    expect(await lib.run(createTestContext(), {})).toBe(22);
    expect(await agent.run(createTestContext(), {})).toBe(22);
  });

  it('sees a change of what a sibling imports, and of what run imports late', async () => {
    write('late/package/__init__.py', 'from .part import VALUE');
    write('late/package/part.py', 'VALUE = 1');
    const agent = await load('late/one.py', agentFile('import package\nreturn package.VALUE'));
    expect(await agent.run(createTestContext(), {})).toBe(1);
    write('late/package/part.py', 'VALUE = 22');
    expect(await agent.run(createTestContext(), {})).toBe(22);
  });

  it('keeps modules of one name in two folders apart', async () => {
    write('x/helper.py', 'VALUE = "x"');
    write('y/helper.py', 'VALUE = "y"');
    const x = await load('x/one.py', VALUE);
    const y = await load('y/one.py', VALUE);
    for (let n = 0; n < 3; n++) {
      expect(await x.run(createTestContext(), {})).toBe('x');
      expect(await y.run(createTestContext(), {})).toBe('y');
    }
  });

  it('prefers a real basic_agent.py beside the file, and still finds the class', async () => {
    const base =
      'class BasicAgent:\n    mark = "own"\n    def __init__(self, name=None, metadata=None):\n        self.name, self.metadata = name, metadata\n';
    write('own/basic_agent.py', base);
    const text =
      'from basic_agent import BasicAgent\nclass One(BasicAgent):\n    def __init__(self):\n        super().__init__("one", {"description": "d"})\n    def perform(self, **kwargs):\n        return self.mark\n';
    const agent = await load('own/one.py', text);
    expect(agent.metadata).toMatchObject({ name: 'one', description: 'd' });
    expect(await agent.run(createTestContext(), {})).toBe('own');
  });

  it('prefers a real package of a provided name, also after another file had the provided one', async () => {
    await (await python.load(agentFile('return 1', 'import utils.storage_factory'))).run(createTestContext(), {});
    write('real/utils/__init__.py', '');
    write('real/utils/storage_factory.py', 'def get_storage_manager(): return "real"');
    const agent = await load(
      'real/one.py',
      agentFile('return f()', 'from utils.storage_factory import get_storage_manager as f'),
    );
    expect(await agent.run(createTestContext(), {})).toBe('real');
  });

  it('completes a real package of a provided name', async () => {
    write('mixed/utils/__init__.py', 'HERE = True');
    const head = 'import utils\nfrom utils.azure_file_storage import AzureFileStorageManager';
    const agent = await load(
      'mixed/one.py',
      agentFile('return [utils.HERE, AzureFileStorageManager().read_json()]', head),
    );
    expect(await agent.run(createTestContext(), {})).toEqual([true, {}]);
  });

  it('does not find them for a file that lies in no folder', async () => {
    expect(await failureOf(python.load(VALUE))).toMatchObject({ code: 'agent_broken', details: { missing: 'helper' } });
  });

  it('shows lines of siblings in traces', async () => {
    write('t/broken.py', 'def fail():\n    return 1 / 0\n');
    const agent = await load('t/one.py', agentFile('broken.fail()', 'import broken'));
    const error = await failureOf(agent.run(createTestContext(), {}));
    expect(String(error.details?.trace)).toContain(`${join(root, 't/broken.py')}", line 2, in fail\n    return 1 / 0`);
  });
});
