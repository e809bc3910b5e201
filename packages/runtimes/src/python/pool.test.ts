// Who shares a worker with whom, how many there are, and that nobody waits for ever.
import { DEFAULT_LIMITS, type LoadedAgent, PypesError } from '@pypes/contract';
import { expect, it } from 'vitest';
import { createTestContext } from '../testing/context.ts';
import { sourceFile } from '../testing/source-file.ts';
import type { PythonOptions } from './options.ts';
import { createPythonRuntime } from './runtime.ts';
import { agentFile, callAgent, describePython, failureOf, usePython } from './testing.ts';

const PID = agentFile('time.sleep(args.get("s", 0))\nreturn os.getpid()', 'import os, time');

describePython('the pool', () => {
  const python = usePython();

  async function withRuntime(
    options: PythonOptions,
    packs: readonly string[],
    use: (...agents: LoadedAgent[]) => Promise<void>,
    text = PID,
  ) {
    const runtime = createPythonRuntime(options);
    const loaded = packs.map((packGuid) => runtime.load(sourceFile('a.py', text, { packGuid }), DEFAULT_LIMITS));
    try {
      await use(...(await Promise.all(loaded)).map(([agent]) => agent as LoadedAgent));
    } finally {
      await runtime.close();
    }
  }

  it('uses one process for calls that follow each other', async () => {
    const agent = await python.load(PID);
    const pids = new Set<unknown>();
    for (let n = 0; n < 20; n++) pids.add((await callAgent(agent, {}, createTestContext())).value);
    expect(pids.size).toBe(1);
  });

  it('never runs two packs in one process', async () => {
    await withRuntime({}, ['a', 'b', 'c'], async (...agents) => {
      const pids = await Promise.all(agents.map((agent) => agent.run(createTestContext(), {})));
      expect(new Set(pids).size).toBe(3);
    });
  });

  it('never runs two calls at once in one process', async () => {
    const text = agentFile(
      'global busy\nassert not busy\nbusy = True\ntime.sleep(0.01)\nbusy = False\nreturn 1',
      'import time\nbusy = False',
    );
    await withRuntime(
      { maxWorkers: 3 },
      ['a'],
      async (agent) => {
        const calls = Array.from({ length: 60 }, () => agent!.run(createTestContext(), {}));
        expect(await Promise.all(calls)).toEqual(Array.from({ length: 60 }, () => 1));
      },
      text,
    );
  });

  it('does not let a sleeping call delay others', async () => {
    await withRuntime({}, ['a'], async (agent) => {
      const sleeper = createTestContext();
      const sleeping = failureOf(agent!.run(sleeper, { s: 600 }));
      for (let n = 0; n < 5; n++) await agent!.run(createTestContext(), {});
      sleeper.abort();
      await sleeping;
    });
  });

  it('keeps to its limit and serves every pack under it', async () => {
    await withRuntime({ maxWorkers: 2 }, ['a', 'b', 'c', 'd'], async (...agents) => {
      const calls = agents.flatMap((agent) => Array.from({ length: 25 }, () => agent.run(createTestContext(), {})));
      expect(await Promise.all(calls)).toHaveLength(100);
    });
  });

  it('does not let a busy pack keep another from its only worker', async () => {
    await withRuntime({ maxWorkers: 1 }, ['busy', 'other'], async (busy, other) => {
      let isOver = false;
      const stream = Array.from({ length: 4 }, async () => {
        while (!isOver) await busy!.run(createTestContext(), {});
      });
      await other!.run(createTestContext(), {});
      isOver = true;
      await Promise.all(stream);
    });
  });

  it('lets calls nest deeper than there are workers', async () => {
    const text = agentFile('n = args["n"]\nreturn 0 if n == 0 else 1 + context.call("self", {"n": n - 1})');
    await withRuntime(
      { maxWorkers: 2 },
      ['a'],
      async (agent) => {
        const context = () => createTestContext({ onCall: (_name, args, inner) => agent!.run(inner, args) });
        expect(await agent!.run(context(), { n: 4 })).toBe(4);
      },
      text,
    );
  });

  it('says so when every process waits for a call that needs one', async () => {
    const text = agentFile('return context.call("self", {})');
    await withRuntime(
      { maxWorkers: 1 },
      ['a'],
      async (agent) => {
        const codes: string[] = [];
        const context = () =>
          createTestContext({
            onCall: (_name, args, inner) =>
              agent!.run(inner, args).catch((error: unknown) => {
                if (error instanceof PypesError) codes.push(error.code);
                throw error;
              }),
          });
        await failureOf(agent!.run(context(), {}));
        expect(codes[0]).toBe('resource_exhausted');
      },
      text,
    );
  });

  it('ends a call on the version that it began with', async () => {
    const version = (n: number) => agentFile(`time.sleep(args.get("s", 0))\nreturn ${n}`, 'import time');
    const old = await python.load(version(1));
    const running = old.run(createTestContext(), { s: 0.2 });
    const next = await python.load(version(2));
    expect(await next.run(createTestContext(), {})).toBe(2);
    expect(await running).toBe(1);
    await old.close();
    expect(await next.run(createTestContext(), {})).toBe(2);
  });

  it('gives waiting calls the reason when no worker can be started', async () => {
    const launch = (plan: { env: object }) => ({
      ...plan,
      command: '/bin/sh',
      args: ['-c', 'echo sandbox is broken >&2; exit 3'],
    });
    await expect(withRuntime({ launch: launch as never }, ['a'], async () => {})).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('sandbox is broken'),
    });
  });

  it('can be started by another command', async () => {
    const launch: NonNullable<PythonOptions['launch']> = (plan) => ({
      command: '/usr/bin/env',
      args: ['LAUNCHED=yes', plan.command, ...plan.args],
      env: plan.env,
    });
    await withRuntime(
      { launch },
      ['a'],
      async (agent) => {
        expect(await agent!.run(createTestContext(), {})).toBe('yes');
      },
      agentFile('return os.environ["LAUNCHED"]', 'import os'),
    );
  });
});
