// Calls, workers and whole runtimes end when they should, and leave nothing behind.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEFAULT_LIMITS, PypesError } from '@pypes/contract';
import { expect, it } from 'vitest';
import { createTestContext } from '../testing/context.ts';
import { createTestDocuments } from '../testing/memory.ts';
import { sourceFile } from '../testing/source-file.ts';
import { createPythonRuntime } from './runtime.ts';
import { agentFile, callAgent, describePython, failureOf, isAlive, until, usePython } from './testing.ts';

const STUCK: readonly [what: string, body: string][] = [
  ['an endless loop', 'while True: pass'],
  ['a sleep', 'time.sleep(600)'],
  ['an endless C call', 're.match("(a*)*b", "a" * 100)'],
  ['a loop that catches everything', 'while True:\n    try:\n        time.sleep(600)\n    except BaseException: pass'],
];
const HEAD = 'import os, re, subprocess, time';

function homesOf(pid: number | undefined): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith(`pypes-python-${pid}-`));
}

describePython('stopping', () => {
  const python = usePython();

  it.each(STUCK)('stops %s at once, with its subprocesses', async (_what, body) => {
    const start = 'child = subprocess.Popen(["sleep", "600"])\ncontext.log("info", f"{os.getpid()} {child.pid}")\n';
    const agent = await python.load(agentFile(start + body, HEAD));
    const context = createTestContext();
    const call = failureOf(callAgent(agent, {}, context));
    await until(() => context.logs.length > 0);
    const pids = context.logs[0]?.message.split(' ').map(Number) ?? [];
    expect(pids.map(isAlive)).toEqual([true, true]);
    context.abort(new PypesError('timeout', 'Too long'));
    expect(await call).toMatchObject({ code: 'timeout', message: 'Too long' });
    await until(() => !pids.some(isAlive));
    expect((await python.call(agentFile('return 1'))).value).toBe(1);
  });

  it('rejects a call that is stopped just as it is handed over, and does not run it', async () => {
    const agent = await python.load(agentFile('global N\nN += 1\nreturn N', 'N = 0'));
    const context = createTestContext();
    context.abort(new PypesError('timeout', 'Too long'));
    // Its memory was taken out meanwhile: the first look saw nothing, and its listener is called at once.
    const late = { ...context, stopped: false, signal: context.signal, onStop: context.onStop };
    expect(await failureOf(agent.run(late, {}))).toMatchObject({ code: 'timeout', message: 'Too long' });
    expect(await agent.run(createTestContext(), {})).toBe(1);
  });

  it('rejects a call that was stopped before it began, or while it waited', async () => {
    const runtime = createPythonRuntime({ maxWorkers: 1 });
    const [agent] = await runtime.load(
      sourceFile('a.py', agentFile('time.sleep(args["s"])\nreturn 1', HEAD)),
      DEFAULT_LIMITS,
    );
    const before = createTestContext();
    before.abort();
    expect((await failureOf(agent!.run(before, { s: 0 }))).code).toBe('canceled');
    const long = createTestContext();
    const first = failureOf(agent!.run(long, { s: 600 }));
    const waiting = createTestContext();
    const second = failureOf(agent!.run(waiting, { s: 0 }));
    waiting.abort();
    expect((await second).code).toBe('canceled');
    long.abort();
    await first;
    expect(await agent!.run(createTestContext(), { s: 0 })).toBe(1);
    await runtime.close();
  });

  it('gives no call to a worker that was told to end, though the answer of the stopped call was on its way', async () => {
    const runtime = createPythonRuntime({ maxWorkers: 1 });
    const [agent] = await runtime.load(sourceFile('a.py', agentFile('return 1', HEAD)), DEFAULT_LIMITS);
    await agent!.run(createTestContext(), {});
    for (let round = 0; round < 5; round++) {
      const context = createTestContext();
      const stopped = agent!.run(context, {}).catch(() => undefined);
      for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
      // Meanwhile the worker answers, and this thread has not read it.
      const until = performance.now() + 30;
      while (performance.now() < until);
      context.abort();
      expect(await agent!.run(createTestContext(), {})).toBe(1);
      await stopped;
    }
    await runtime.close();
  });

  it('rejects a call that waits for a memory document', async () => {
    const documents = createTestDocuments();
    await createTestContext({ documents }).memory.checkout();
    const context = createTestContext({ documents });
    const agent = await python.load(agentFile('return os.environ["BRAINSTEM_MEMORY_PATH"]', HEAD));
    const call = failureOf(agent.run(context, {}));
    context.abort();
    expect((await call).code).toBe('canceled');
  });

  it('leaves no process and no folder after close, and refuses what comes later', async () => {
    const runtime = createPythonRuntime();
    const file = sourceFile(
      'a.py',
      agentFile('context.log("info", f"{os.getpid()} {os.environ[\'BRAINSTEM_MEMORY_PATH\']}")\ntime.sleep(600)', HEAD),
    );
    const [agent] = await runtime.load(file, DEFAULT_LIMITS);
    const context = createTestContext();
    const call = failureOf(agent!.run(context, {}));
    await until(() => context.logs.length > 0);
    const [pid = '', path = ''] = context.logs[0]?.message.split(' ') ?? [];
    expect(existsSync(path)).toBe(true);
    await runtime.close();
    expect((await call).code).toBe('unavailable');
    expect(isAlive(Number(pid))).toBe(false);
    expect(existsSync(path)).toBe(false);
    expect((await failureOf(runtime.load(file, DEFAULT_LIMITS))).code).toBe('unavailable');
    expect((await failureOf(agent!.run(createTestContext(), {}))).code).toBe('unavailable');
  });

  it.each(STUCK.slice(0, 3))('ends %s when the host is killed', async (_what, body) => {
    const text = agentFile(`context.log("info", str(os.getpid()))\n${body}`, HEAD);
    const script = fileURLToPath(new URL('./killed-host.fixture.ts', import.meta.url));
    const host = spawn(process.execPath, [script, text], { stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    host.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
    await until(() => printed.includes('\n'));
    const pid = Number(printed.trim());
    expect(isAlive(pid)).toBe(true);
    host.kill('SIGKILL');
    await until(() => !isAlive(pid));
    // What a killed host leaves on the disk is removed by a later one: here at once.
    for (const name of homesOf(host.pid)) rmSync(join(tmpdir(), name), { recursive: true });
  });

  it('ends with a host that forgot to close it', async () => {
    const script = fileURLToPath(new URL('./killed-host.fixture.ts', import.meta.url));
    const host = spawn(process.execPath, [script, agentFile('context.log("info", str(os.getpid()))', HEAD)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = await new Promise<number>((resolve) =>
      host.stdout.once('data', (chunk) => resolve(Number(String(chunk)))),
    );
    await new Promise((resolve) => host.once('exit', resolve));
    await until(() => !isAlive(pid));
    expect(homesOf(host.pid)).toEqual([]);
  });

  it('ends workers that nobody needs', async () => {
    const runtime = createPythonRuntime({ idleMs: 100 });
    const [agent] = await runtime.load(sourceFile('a.py', agentFile('return os.getpid()', HEAD)), DEFAULT_LIMITS);
    const pid = Number(await agent!.run(createTestContext(), {}));
    expect(isAlive(pid)).toBe(true);
    await until(() => !isAlive(pid));
    expect(await agent!.run(createTestContext(), {})).not.toBe(pid);
    await runtime.close();
  });
});
