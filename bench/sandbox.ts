// Strangers' code beside trusted code, without HTTP: a call, the first result of a new sandbox, memory, a thousand packs.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_LIMITS, type LoadedAgent, type Runtime } from '@pypes/contract';
import { createJavascriptRuntime, createJavascriptSandbox } from '@pypes/runtimes/javascript';
import { createLispyRuntime } from '@pypes/runtimes/lispy';
import { createLuaRuntime } from '@pypes/runtimes/lua';
import { createNodeHost } from '@pypes/service/node';
import { createTestContext } from '../packages/runtimes/src/testing/context.ts';
import { sourceFile } from '../packages/runtimes/src/testing/source-file.ts';
import { median, type Row } from './rows.ts';
import { measurePyodide } from './sandbox-pyodide.ts';
import { measurePythonSandbox } from './sandbox-python.ts';

const ROUNDS = 15;
const CALLS_A_ROUND = 500;
const COLD_STARTS = 21;
const IDLE = 20;
const PACKS = 1_000;

const SOURCES = {
  'echo.mjs': "export const AGENT = { name: 'echo' };\nexport const run = (context, { n }) => n;",
  'echo.lua': 'AGENT = { name = "echo" }\nfunction run(context, args) return args.n end',
  'echo.lispy': '(def AGENT {:name "echo"})\n(defn run [context n] n)',
} as const;

/** Rows for every language that runs strangers' code; Python's only where there is bubblewrap. */
export async function measureSandbox(): Promise<readonly Row[]> {
  return [
    ...(await measureJavascript()),
    ...(await measureOthers()),
    ...(await measurePythonSandbox()),
    ...(await measurePyodide()),
    await measurePacks(),
  ];
}

async function measureJavascript(): Promise<readonly Row[]> {
  const trusted = createJavascriptRuntime();
  const sandboxed = createJavascriptSandbox({ threads: COLD_STARTS + IDLE });
  try {
    const [theirs, ours] = await inTurn([await load(trusted, 'echo.mjs'), await load(sandboxed, 'echo.mjs')]);
    const more = (ours ?? 0) - (theirs ?? 0);
    const cold = await coldStart(sandboxed, 'echo.mjs');
    const idle = await idleMegabytes(sandboxed, 'echo.mjs');
    return [
      {
        name: 'JavaScript: what QuickJS adds to a call (µs)',
        value: more,
        goal: '≤ 40',
        ok: more <= 40,
        ours: whole(ours),
        theirs: whole(theirs),
        unit: 'µs',
      },
      {
        name: 'JavaScript: cold start of a sandbox to its first result (ms)',
        value: cold,
        goal: '≤ 20',
        ok: cold <= 20,
      },
      { name: 'JavaScript: an idle sandbox (MB)', value: idle, goal: '', ok: true },
    ];
  } finally {
    await Promise.all([trusted.close(), sandboxed.close()]);
  }
}

/** The same sandbox for everybody: nothing to compare with but the time itself. */
async function measureOthers(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [language, filename, runtime] of [
    ['Lua', 'echo.lua', createLuaRuntime()],
    ['LisPy', 'echo.lispy', createLispyRuntime()],
  ] as const) {
    try {
      const [call = 0] = await inTurn([await load(runtime, filename)]);
      const cold = await coldStart(runtime, filename);
      rows.push({ name: `${language}: a call (µs)`, value: call, goal: '', ok: true });
      rows.push({ name: `${language}: cold start to its first result (ms)`, value: cold, goal: '', ok: true });
    } finally {
      await runtime.close();
    }
  }
  return rows;
}

/** Median microseconds of a call of each agent; rounds take turns, so that what else the machine does meets them all. */
async function inTurn(agents: readonly LoadedAgent[]): Promise<readonly number[]> {
  const context = createTestContext({ userGuid: 'ann' });
  const times = agents.map((): number[] => []);
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [index, agent] of agents.entries()) {
      const began = performance.now();
      for (let n = 0; n < CALLS_A_ROUND; n++) await agent.run(context, { n });
      if (round > 0) times[index]?.push(((performance.now() - began) * 1_000) / CALLS_A_ROUND);
    }
  }
  return times.map(median);
}

/** A user who was not here before gets a sandbox of his own. */
async function coldStart(runtime: Runtime, filename: keyof typeof SOURCES): Promise<number> {
  const agent = await load(runtime, filename);
  await agent.run(createTestContext({ userGuid: 'first' }), { n: 0 });
  const times: number[] = [];
  for (let n = 0; n < COLD_STARTS; n++) {
    const began = performance.now();
    await agent.run(createTestContext({ userGuid: `cold-${n}` }), { n });
    times.push(performance.now() - began);
  }
  return median(times);
}

/** Packs of one call each: every one has a thread and an engine, and nothing to do. */
async function idleMegabytes(runtime: Runtime, filename: keyof typeof SOURCES): Promise<number> {
  const before = process.memoryUsage().rss;
  for (let n = 0; n < IDLE; n++) {
    const agent = await load(runtime, filename, `pack-${n}`);
    await agent.run(createTestContext({ userGuid: 'ann' }), { n });
  }
  return (process.memoryUsage().rss - before) / IDLE / 2 ** 20;
}

/** A thousand packs in every sandboxed language on one host, each of them called once. */
async function measurePacks(): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'pypes-bench-'));
  const host = createNodeHost({ folders: [], root: folder, log: () => undefined });
  try {
    const names = Object.keys(SOURCES) as (keyof typeof SOURCES)[];
    let most = 0;
    for (let n = 0; n < PACKS; n++) {
      const filename = names[n % names.length] as keyof typeof SOURCES;
      const { packGuid } = await host.deploy({ schema: 'pack/1.0', agents: [{ filename, source: SOURCES[filename] }] });
      const answer = await host.call(packGuid, { agent: 'echo', args: { n } });
      if (answer !== n) throw new Error(`Pack ${n} answered ${JSON.stringify(answer)}`);
      most = Math.max(most, process.memoryUsage().rss / 2 ** 20);
    }
    return {
      name: `${PACKS} packs deployed and called on one host (MB)`,
      value: most,
      goal: '≤ 1024',
      ok: most <= 1024,
    };
  } finally {
    await host.close(0);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function load(runtime: Runtime, filename: keyof typeof SOURCES, packGuid = 'bench'): Promise<LoadedAgent> {
  const [agent] = await runtime.load(sourceFile(filename, SOURCES[filename], { packGuid }), DEFAULT_LIMITS);
  if (agent === undefined) throw new Error(`${filename} has no agent`);
  return agent;
}

function whole(value = 0): number {
  return Math.round(value);
}
