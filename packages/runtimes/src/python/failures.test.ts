// What an author is told when an agent fails: at run time and while its file is loaded.
import { expect, it } from 'vitest';
import { createTestContext } from '../testing/context.ts';
import { createPythonRuntime } from './runtime.ts';
import { agentFile, describePython, failureOf, usePython } from './testing.ts';

describePython('failures', () => {
  const python = usePython();

  it('shows the lines of the agent, with the cause', async () => {
    const text = `AGENT = {"name": "a"}
import json
def inner(text):
    return json.loads(text)
def run(context):
    try:
        inner("{")
    except ValueError as error:
        raise RuntimeError("not good") from error
`;
    const error = await failureOf(python.call(text));
    expect(error).toMatchObject({ code: 'handler_failed', message: 'RuntimeError: not good', details: { line: 9 } });
    const trace = String(error.details?.trace);
    expect(trace).toContain('JSONDecodeError');
    expect(trace).toContain('File "test_agent.py", line 4, in inner\n    return json.loads(text)');
    expect(trace).not.toMatch(/pypes_worker|json\/decoder/);
  });

  it('keeps a trace of endless recursion short', async () => {
    const error = await failureOf(python.call(agentFile('def f(): return f()\nreturn f()')));
    expect(String(error.details?.trace).split('\n').length).toBeLessThanOrEqual(20);
  });

  it('prints the loaded source in a traceback that the agent prints itself', async () => {
    const text = agentFile(
      'import traceback\ntry:\n    1 / 0\nexcept ZeroDivisionError:\n    return traceback.format_exc()',
    );
    expect((await python.call(text)).value).toContain('    1 / 0');
  });

  it('carries the code of a refused request', async () => {
    const error = await failureOf(python.call(agentFile('return context.call("nobody", {})')));
    expect(error).toMatchObject({ code: 'handler_failed', details: { cause: { code: 'unknown_agent' } } });
  });

  it.each<[string, string, object, RegExp]>([
    ['a syntax error', 'AGENT = {"name": "a"}\ndef run(context) pass\n', { line: 2 }, /SyntaxError/],
    ['a bad indent', 'def run(context):\npass\n', { line: 2 }, /IndentationError/],
    [
      'a missing module',
      'import os\nimport nowhere.sub\nAGENT = {"name": "a"}\ndef run(context): pass\n',
      { line: 2, missing: 'nowhere.sub' },
      /No module named 'nowhere.sub'/,
    ],
    [
      'a missing part of a provided package',
      'from utils.nothing import x\nAGENT = {"name": "a"}\ndef run(context): pass\n',
      { missing: 'utils.nothing' },
      /utils\.nothing/,
    ],
    ['no agent at all', 'x = 1\n', {}, /no agent/],
    ['AGENT alone', 'AGENT = {"name": "a"}\n', {}, /no function run/],
    ['run alone', 'def run(context): pass\n', {}, /no AGENT/],
    ['AGENT of a wrong kind', 'AGENT = [1]\ndef run(context): pass\n', {}, /AGENT/],
    ['AGENT that is no JSON', 'AGENT = {"name": "a", "x": {1: 2}}\ndef run(context): pass\n', {}, /AGENT\.x/],
    [
      'an error while loading',
      'AGENT = dict(name=str(1 / 0))\ndef run(context): pass\n',
      { line: 1 },
      /ZeroDivisionError/,
    ],
    [
      'sys.exit while loading',
      'import sys\nAGENT = dict(name=sys.exit(2))\ndef run(context): pass\n',
      { line: 2 },
      /sys\.exit\(2\)/,
    ],
    [
      'os._exit while loading',
      'import os\nAGENT = dict(name=os._exit(2))\ndef run(context): pass\n',
      { exitCode: 2 },
      /exit code 2/,
    ],
    [
      'a class that cannot be made',
      'class A:\n    def __init__(self, x): pass\n    def perform(self, **kw): pass\n',
      {},
      /TypeError/,
    ],
    ['a null byte', 'AGENT = 1\0\n', {}, /null byte/],
  ])('quarantines %s', async (_what, text, details, message) => {
    const error = await failureOf(python.loadAll(text, { path: 'folder/broken.py' }));
    expect(error).toMatchObject({ code: 'agent_broken', details: { file: 'folder/broken.py', ...details } });
    expect(error.message).toMatch(message);
  });

  it('gives the column of a syntax error', async () => {
    const error = await failureOf(python.loadAll('x = (1,\n  2 3)\n'));
    expect(error.details).toMatchObject({ line: 2, column: expect.any(Number) });
  });

  it('quarantines what is not UTF-8', async () => {
    const bytes = new Uint8Array([0x23, 0xff, 0xfe]);
    expect((await failureOf(python.loadAll('', { bytes }))).code).toBe('agent_broken');
  });

  it('quarantines a file that nests deeper than the parser goes, without harm to others', async () => {
    const deep = `AGENT = ${'['.repeat(5000)}${']'.repeat(5000)}\ndef run(context): pass\n`;
    const [broken, fine] = await Promise.all([failureOf(python.loadAll(deep)), python.load(agentFile('return 1'))]);
    expect(broken.code).toBe('agent_broken');
    expect(await fine.run(createTestContext(), {})).toBe(1);
  });

  it('fails at the call when only running shows the fault, and names the file', async () => {
    const agent = await python.load('AGENT = {"name": "a"}\nprint(1 / 0)\ndef run(context): pass\n');
    const error = await failureOf(agent.run(createTestContext(), {}));
    expect(error).toMatchObject({ code: 'agent_broken', details: { file: 'test_agent.py', line: 2 } });
  });

  it('says how to get a Python where there is none', async () => {
    const runtime = createPythonRuntime({ python: '/nowhere/python3' });
    const bytes = new TextEncoder().encode('');
    const file = { filename: 'a.py', path: 'a.py', bytes, digest: 'sha256:0', packGuid: 'p' };
    const error = await failureOf(runtime.load(file, {} as never));
    expect(error.code).toBe('unsupported');
    expect(error.message).toContain('PYPES_PYTHON');
    await runtime.close();
  });
});
