// What an agent prints, by whatever way, becomes the log of its call: in order, bounded, and nothing else.
import { expect, it } from 'vitest';
import { createTestContext } from '../testing/context.ts';
import { agentFile, callAgent, describePython, usePython } from './testing.ts';

const HEAD = 'import logging, os, subprocess, sys, warnings';

describePython('output', () => {
  const python = usePython();

  async function logsOf(body: string, limits = {}) {
    const context = createTestContext();
    await callAgent(await python.load(agentFile(body, HEAD), {}, limits), {}, context);
    return context.logs.map(({ level, message }) => `${level}: ${message}`);
  }

  it('takes print, stderr, logging and warnings line by line, in order', async () => {
    const body = `print("one\\ntwo")
print("err", file=sys.stderr)
logging.getLogger("x").warning("logged")
sys.stdout.write("par")
sys.stdout.buffer.write(b"tial")
print()
warnings.warn("careful")
print("é😀", end="")`;
    const logs = await logsOf(body);
    expect(logs.slice(0, 5)).toEqual(['info: one', 'info: two', 'warn: err', 'warn: logged', 'info: partial']);
    expect(logs.at(5)).toMatch(/^warn: test_agent\.py:\d+: UserWarning: careful/);
    expect(logs.at(-1)).toBe('info: é😀');
  });

  it('takes what is written to descriptors, by subprocesses too', async () => {
    const body = `os.write(1, b"raw\\nhalf")
subprocess.run(["sh", "-c", "echo ' done'; echo bad >&2; printf last"])`;
    expect((await logsOf(body)).sort()).toEqual(['info: half done', 'info: last', 'info: raw', 'warn: bad']);
  });

  it('takes much of it without losing the end', async () => {
    const logs = await logsOf('subprocess.run(["sh", "-c", "seq 1 20000"])', { logLines: 30_000 });
    expect(logs).toHaveLength(20_000);
    expect(logs.at(-1)).toBe('info: 20000');
  });

  it('gives each call its own output, the last partial line as well', async () => {
    const agent = await python.load(agentFile('os.write(1, args["text"].encode())\nprint(args["text"], end="")', HEAD));
    for (const text of ['first', 'second', 'third']) {
      const context = createTestContext();
      await callAgent(agent, { text }, context);
      expect(context.logs.map((log) => log.message)).toEqual([text, text]);
    }
  });

  it.each([
    ['printed', 'for n in range(100): print(n)'],
    ['written to a descriptor', 'os.write(1, b"\\n".join(b"%d" % n for n in range(100)) + b"\\n")'],
    ['logged', 'for n in range(100): context.log("info", str(n))'],
  ])('stops at the limit of lines that are %s and says how many were dropped', async (_what, body) => {
    const logs = await logsOf(body, { logLines: 10 });
    expect(logs).toHaveLength(11);
    expect(logs[9]).toBe('info: 9');
    expect(logs[10]).toMatch(/^warn: 90 more lines dropped/);
  });

  it.each(['print("x" * 1000000)', 'for n in range(1000): sys.stdout.write("x" * 1000)', 'os.write(1, b"x" * 5000)'])(
    'cuts a long line: %s',
    async (body) => {
      const [line = ''] = await logsOf(body, { logLineLength: 100 });
      expect(line).toBe(`info: ${'x'.repeat(100)}…`);
    },
  );

  it('keeps bytes that are no text from doing harm', async () => {
    const logs = await logsOf('sys.stdout.buffer.write(b"\\xff\\n")\nprint("\\ud800")\nos.write(1, b"\\x00\\xfe\\n")');
    expect(logs).toHaveLength(3);
  });

  it('keeps a stream in order while the agent writes to the protocol of nobody', async () => {
    const logs = await logsOf('for n in range(200):\n    os.write(1, b"\\x00\\x01R{}\\n")\nprint("end")', {
      logLines: 500,
    });
    expect(logs).toHaveLength(201);
  });
});
