// What only executables do: exit codes, process groups, interpreters, pipes.
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_LIMITS, type LoadedAgent, PypesError } from '@pypes/contract';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createTestContext } from '../testing/context.ts';
import { sourceFile } from '../testing/source-file.ts';
import { createExecutableRuntime } from './index.ts';

const AGENT = `#!/bin/sh\nif [ "$1" = --agent ]; then echo '{"name": "test"}'; exit; fi\n`;

async function load(text: string, processes = 4, callMs = 5_000): Promise<LoadedAgent & { readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'pypes-executable-'));
  const location = join(folder, 'test_agent');
  await writeFile(location, text);
  await chmod(location, 0o755);
  const runtime = createExecutableRuntime({ processes });
  onTestFinished(async () => {
    await runtime.close();
    await rm(folder, { recursive: true });
  });
  const limits = { ...DEFAULT_LIMITS, callMs, logLines: 3, logLineLength: 10 };
  const [agent] = await runtime.load(sourceFile('test_agent', text, { location, executable: true }), limits);
  return { ...(agent as LoadedAgent), folder };
}

it('fails with the exit code and the last words', async () => {
  const agent = await load(`${AGENT}echo first >&2; echo last words >&2; exit 3`);
  const context = createTestContext();
  await expect(agent.run(context, {})).rejects.toMatchObject({
    code: 'handler_failed',
    message: 'The program exited with code 3: last words',
    details: { exit_code: 3, trace: 'first\nlast words' },
  });
  expect(context.logs.map(({ level }) => level)).toStrictEqual(['warn', 'warn']);
});

it('says which signal ended the program', async () => {
  const agent = await load(`${AGENT}kill -SEGV $$`);
  await expect(agent.run(createTestContext(), {})).rejects.toMatchObject({
    message: 'The program was ended by SIGSEGV',
  });
});

it('bounds the log', async () => {
  const agent = await load(`${AGENT}for n in 1 2 3 4 5; do echo "line $n is long" >&2; done; echo 1`);
  const context = createTestContext();
  await agent.run(context, {});
  expect(context.logs.map(({ message }) => message)).toStrictEqual([
    'line 1 is  … 4 more characters',
    'line 2 is  … 4 more characters',
    'line 3 is  … 4 more characters',
    '2 more lines dropped',
  ]);
});

it('tells the program who calls, in its own folder', async () => {
  const agent = await load(
    `${AGENT}echo "[\\"$PYPES_AGENT\\", \\"$PYPES_PACK_GUID\\", \\"$PYPES_USER_GUID\\", \\"$PYPES_RUN_ID\\", \\"$(pwd -P)\\"]"`,
  );
  const context = createTestContext({ agent: 'test', packGuid: 'pack', userGuid: 'ann', runId: 'run' });
  expect(await agent.run(context, {})).toStrictEqual(['test', 'pack', 'ann', 'run', agent.folder]);
});

it('does not mind a program that reads nothing', async () => {
  const agent = await load(`${AGENT}exec <&-; echo 1`);
  expect(await agent.run(createTestContext(), { text: 'x'.repeat(500_000) })).toBe(1);
});

it('does not wait for a grandchild, and ends it', async () => {
  const agent = await load(`${AGENT}sleep 600 & echo $! > pid; echo 7`);
  expect(await agent.run(createTestContext(), {})).toBe(7);
  await expectGone(Number(await readFile(join(agent.folder, 'pid'), 'utf8')));
});

it('ends the whole group when it is stopped', async () => {
  const agent = await load(`${AGENT}sleep 600 & echo $! > pid; wait`);
  const context = createTestContext();
  const call = agent.run(context, {});
  const pid = await readPid(join(agent.folder, 'pid'));
  context.abort(new PypesError('timeout', 'Over'));
  await expect(call).rejects.toMatchObject({ code: 'timeout' });
  await expectGone(pid);
});

it('lets calls wait for a place, and forgets those that are stopped meanwhile', async () => {
  const agent = await load(`${AGENT}case "$(cat)" in *wait*) sleep 600 ;; esac; echo 1`, 1);
  const [first, second] = [createTestContext(), createTestContext()];
  const calls = [agent.run(first, { wait: true }), agent.run(second, {}), agent.run(createTestContext(), {})] as const;
  second.abort(new PypesError('canceled', 'Never mind'));
  await expect(calls[1]).rejects.toMatchObject({ code: 'canceled' });
  first.abort(new PypesError('timeout', 'Over'));
  await expect(calls[0]).rejects.toMatchObject({ code: 'timeout' });
  expect(await calls[2]).toBe(1);
});

it.each([
  ['prints text', `${AGENT}echo hello`, /"hello/],
  ['prints nothing', `${AGENT}true`, /nothing/],
])('refuses the output of a program that %s', async (_name, text, message) => {
  const agent = await load(text);
  await expect(agent.run(createTestContext(), {})).rejects.toMatchObject({
    code: 'invalid_output',
    message: expect.stringMatching(message),
  });
});

it.each([
  ['whose interpreter is missing', '#!/no/such/interpreter\n', /\/no\/such\/interpreter/],
  ['whose interpreter env does not find', '#!/usr/bin/env no-such-interpreter\n', /no-such-interpreter/],
  ['that knows no --agent', '#!/bin/sh\necho usage: nothing >&2\nexit 2\n', /--agent.*usage: nothing/],
  ['whose AGENT has no name', '#!/bin/sh\necho "{}"\n', /AGENT\.name/],
])('quarantines a file %s', async (_name, text, message) => {
  await expect(load(text)).rejects.toMatchObject({
    code: 'agent_broken',
    message: expect.stringMatching(message),
    details: { file: 'test_agent' },
  });
});

it('does not let a script that knows no --agent keep whoever lists the folder waiting', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    let refused: unknown;
    void load('#!/bin/sh\nexec sleep 600\n', 4, 60_000).catch((error: unknown) => {
      refused = error;
    });
    while (refused === undefined) {
      await vi.advanceTimersByTimeAsync(1_000);
      await new Promise((turn) => setImmediate(turn));
    }
    expect(refused).toMatchObject({ code: 'agent_broken', message: expect.stringContaining('10000 ms') });
  } finally {
    vi.useRealTimers();
  }
});

it('runs only what lies in a folder', async () => {
  const runtime = createExecutableRuntime();
  await expect(runtime.load(sourceFile('test_agent', AGENT), DEFAULT_LIMITS)).rejects.toMatchObject({
    code: 'agent_broken',
  });
});

async function readPid(path: string): Promise<number> {
  for (;;) {
    const pid = Number(await readFile(path, 'utf8').catch(() => ''));
    if (pid > 0) return pid;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Gone, or a zombie that nobody in this container collects. */
async function expectGone(pid: number): Promise<void> {
  for (;;) {
    const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    if (state === '' || state.includes(') Z ')) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
