// Calls that wait in a worker behind others: every call is answered once and runs once, whatever those before it do.
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_LIMITS, type JsonObject, type LoadedAgent, PypesError } from '@pypes/contract';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { createTestContext } from '../../testing/context.ts';
import { sourceFile } from '../../testing/source-file.ts';
import { createPythonRuntime } from '../runtime.ts';
import { agentFile, describePython, failureOf, until } from '../testing.ts';

/** Every call leaves a line with its number before it does anything else. */
const BODY = `
n, what = args["n"], args.get("what", "quick")
with open(args["file"], "a") as file:
    file.write(f"{n}\\n")
if what == "sleep":
    time.sleep(args["s"])
elif what == "loop":
    while True: pass
elif what == "exit":
    os._exit(3)
elif what == "kill":
    os.kill(os.getpid(), 9)
elif what == "fail":
    raise ValueError(n)
elif what == "thread":
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
elif what == "folder":
    os.dup2(os.open("/dev/null", os.O_RDWR), 1)
elif what == "ask":
    context.call("other", {"n": n})
elif what == "print":
    print(n)
elif what == "raw":
    os.write(1, b"%d\\n" % n)
    os.write(2, b"%d\\n" % n)
elif what == "program":
    subprocess.run(["echo", str(n)])
elif what == "pid":
    return {"n": os.getpid()}
elif what == "large":
    return {"n": n, "text": "x" * 300000}
return {"n": n}`;
const AGENT = agentFile(BODY, 'import os, subprocess, threading, time');

describePython('calls behind others', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pypes-queueing-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  let files = 0;

  async function withAgent(maxWorkers: number, use: (agent: LoadedAgent, file: string) => Promise<void>) {
    const file = join(folder, String(++files));
    appendFileSync(file, '');
    const runtime = createPythonRuntime({ maxWorkers });
    try {
      const [agent] = await runtime.load(sourceFile('a.py', AGENT), DEFAULT_LIMITS);
      // From here on calls of this file are known to be quick.
      for (let n = -5; n < 0; n++) await agent?.run(createTestContext(), { n, file });
      await use(agent as LoadedAgent, file);
    } finally {
      await runtime.close();
    }
  }

  const runsOf = (file: string) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map(Number)
      .filter((n) => n >= 0);

  /** Starts calls in one turn, the first ones as told; the outcomes in their order. */
  function callAll(agent: LoadedAgent, file: string, first: readonly JsonObject[], count: number) {
    return Array.from({ length: count }, (_, n) => {
      const context = createTestContext({ onCall: async (_name, args) => args });
      const outcome = agent.run(context, { n, file, ...first[n] }).then(
        (value) => ({ n: (value as { n: number }).n, code: undefined }),
        (error: unknown) => ({ n: undefined, code: error instanceof PypesError ? error.code : String(error) }),
      );
      return { context, outcome };
    });
  }

  it.each([
    ['sleeps', { what: 'sleep', s: 600 }],
    ['loops', { what: 'loop' }],
  ])('go elsewhere when one %s', async (_what, behaviour) => {
    await withAgent(2, async (agent, file) => {
      const calls = callAll(agent, file, [{}, {}, behaviour], 40);
      const others = calls.filter((_, n) => n !== 2);
      // Those before it are answered, too, though it never ends.
      expect((await Promise.all(others.map(({ outcome }) => outcome))).map(({ n }) => n)).toEqual(
        Array.from({ length: 40 }, (_, n) => n).filter((n) => n !== 2),
      );
      calls[2]?.context.abort();
      expect((await calls[2]?.outcome)?.code).toBe('canceled');
      expect(runsOf(file).sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n));
    });
  });

  it('get each their own arguments, however these are cut on their way', async () => {
    const runtime = createPythonRuntime({ maxWorkers: 1 });
    const [agent] = await runtime.load(sourceFile('a.py', agentFile('return args["text"]')), DEFAULT_LIMITS);
    // Around the 64 KiB of one read, with texts that are ASCII beside such that are not.
    const sizes = fc.oneof(fc.nat(300), fc.integer({ min: 65_000, max: 66_000 }), fc.nat(200_000));
    const texts = fc.tuple(fc.constantFrom('x', 'é', '😀', '\u2028'), sizes).map(([unit, count]) => unit.repeat(count));
    await fc.assert(
      fc.asyncProperty(fc.array(texts, { minLength: 1, maxLength: 12 }), async (sent) => {
        const got = await Promise.all(sent.map((text) => agent?.run(createTestContext(), { text })));
        expect(got.map((text, n) => text === sent[n])).toEqual(sent.map(() => true));
      }),
      { numRuns: 40 },
    );
    await runtime.close();
  });

  it('are answered, too, when all in a worker were taken back because their arguments take long to arrive', async () => {
    await withAgent(1, async (agent, file) => {
      const text = 'x'.repeat(8_000_000);
      const outcomes = await Promise.all(
        callAll(agent, file, [{}, { text }, { text }, { text }], 4).map(({ outcome }) => outcome),
      );
      expect(outcomes.map(({ n }) => n)).toEqual([0, 1, 2, 3]);
      expect(runsOf(file).sort((a, b) => a - b)).toEqual([0, 1, 2, 3]);
    });
  });

  it.each(['exit', 'kill', 'thread', 'folder', 'fail'])('are neither lost nor run twice after "%s"', async (what) => {
    await withAgent(1, async (agent, file) => {
      const outcomes = await Promise.all(
        callAll(agent, file, [{}, { what }, {}, {}, { what }], 30).map(({ outcome }) => outcome),
      );
      const isFatal = ['exit', 'kill', 'fail'].includes(what);
      outcomes.forEach((outcome, n) => {
        if (isFatal && (n === 1 || n === 4)) expect(outcome.code).toBe('handler_failed');
        else expect(outcome.n).toBe(n);
      });
      expect(runsOf(file).sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, n) => n));
    });
  });

  it('survive a worker that is killed from outside', async () => {
    await withAgent(1, async (agent, file) => {
      const { n: pid } = (await agent.run(createTestContext(), { n: -1, file, what: 'pid' })) as { n: number };
      const calls = callAll(agent, file, [{ what: 'sleep', s: 600 }], 20);
      await until(() => runsOf(file).includes(0));
      process.kill(pid, 'SIGKILL');
      const outcomes = await Promise.all(calls.map(({ outcome }) => outcome));
      expect(outcomes.map(({ n, code }) => n ?? code)).toEqual([
        'handler_failed',
        ...Array.from({ length: 19 }, (_, n) => n + 1),
      ]);
      expect(runsOf(file).sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n));
    });
  });

  it('are taken out when they are stopped, and nothing else is', async () => {
    await withAgent(1, async (agent, file) => {
      const calls = callAll(agent, file, [{ what: 'sleep', s: 0.1 }], 12);
      calls[5]?.context.abort();
      setImmediate(() => calls[6]?.context.abort());
      const outcomes = await Promise.all(calls.map(({ outcome }) => outcome));
      expect(outcomes.map(({ n, code }) => code ?? n)).toEqual([
        0,
        1,
        2,
        3,
        4,
        'canceled',
        'canceled',
        7,
        8,
        9,
        10,
        11,
      ]);
    });
  });

  it('do not wait for one that waits for its host', async () => {
    await withAgent(2, async (agent, file) => {
      let release = () => {};
      const asked = createTestContext({
        onCall: () =>
          new Promise((resolve) => {
            release = () => resolve(1);
          }),
      });
      const asking = agent.run(asked, { n: 0, file, what: 'ask' });
      const rest = await Promise.all(callAll(agent, file, [{}], 20).map(({ outcome }) => outcome));
      expect(rest).toHaveLength(20);
      release();
      expect(await asking).toEqual({ n: 0 });
    });
  });

  it('get their own output', async () => {
    await withAgent(1, async (agent, file) => {
      const kinds = ['quick', 'print', 'raw', 'quick', 'raw', 'program', 'raw', 'print'];
      const behaviours = Array.from({ length: 60 }, (_, n) => ({ what: kinds[n % kinds.length] as string }));
      const calls = callAll(agent, file, behaviours, behaviours.length);
      await Promise.all(calls.map(({ outcome }) => outcome));
      calls.forEach(({ context }, n) => {
        const { what } = behaviours[n] as { what: string };
        const times = { quick: 0, print: 1, raw: 2, program: 1 }[what] ?? 0;
        expect(context.logs.map(({ message }) => message)).toEqual(Array.from({ length: times }, () => String(n)));
      });
    });
  });

  it('tell what a long call writes while it runs', async () => {
    await withAgent(2, async (agent, file) => {
      const context = createTestContext();
      const text = agentFile('os.write(1, b"early\\n")\ntime.sleep(600)', 'import os, time');
      const runtime = createPythonRuntime();
      const [talking] = await runtime.load(sourceFile('b.py', text), DEFAULT_LIMITS);
      const call = failureOf(talking!.run(context, {}));
      await until(() => context.logs.length > 0);
      context.abort();
      await call;
      await runtime.close();
      expect(await agent.run(createTestContext(), { n: 1, file })).toEqual({ n: 1 });
    });
  });

  it('are answered exactly once and run exactly once, a thousand of them at random', async () => {
    const behaviour = fc.oneof(
      { weight: 60, arbitrary: fc.constant<JsonObject>({}) },
      {
        weight: 5,
        arbitrary: fc.integer({ min: 0, max: 12 }).map((ms): JsonObject => ({ what: 'sleep', s: ms / 1000 })),
      },
      { weight: 1, arbitrary: fc.constant<JsonObject>({ what: 'exit' }) },
      { weight: 1, arbitrary: fc.constant<JsonObject>({ what: 'kill' }) },
      { weight: 1, arbitrary: fc.constant<JsonObject>({ what: 'thread' }) },
      {
        weight: 12,
        arbitrary: fc.constantFrom('fail', 'ask', 'print', 'raw', 'large').map((what): JsonObject => ({ what })),
      },
    );
    const batch = fc.record({
      calls: fc.array(behaviour, { minLength: 40, maxLength: 125 }),
      maxWorkers: fc.integer({ min: 1, max: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(batch, async ({ calls, maxWorkers }) => {
        await withAgent(maxWorkers, async (agent, file) => {
          const outcomes = await Promise.all(callAll(agent, file, calls, calls.length).map(({ outcome }) => outcome));
          outcomes.forEach((outcome, n) => {
            const isFailing = ['exit', 'kill', 'fail'].includes(String(calls[n]?.what));
            expect(outcome).toEqual(isFailing ? { n: undefined, code: 'handler_failed' } : { n, code: undefined });
          });
          expect(runsOf(file).sort((a, b) => a - b)).toEqual(calls.map((_, n) => n));
        });
      }),
      { numRuns: 12 },
    );
  }, 120_000);
});
