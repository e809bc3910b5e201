// Python in the sandbox, beside trusted Python: a call, the first result of a new sandbox, and what idle ones keep.
import { readdirSync, readFileSync } from 'node:fs';
import { type AgentContext, DEFAULT_LIMITS, type LoadedAgent, PypesError, type Runtime } from '@pypes/contract';
import { createPythonRuntime, createPythonSandbox, findBubblewrap } from '@pypes/runtimes/python';
import { median, type Row } from './rows.ts';

const ROUNDS = 15;
const CALLS_A_ROUND = 400;
const COLD_STARTS = 21;
const IDLE_SANDBOXES = 20;
const PACKS = 1_000;
const CALLED_PACKS = 200;
const TEXT = 'AGENT = {"name": "echo"}\ndef run(context, n=1):\n    return n\n';

/** Microseconds of a call, milliseconds to a first result, megabytes of idle sandboxes; none where there is no bubblewrap. */
export async function measurePythonSandbox(): Promise<readonly Row[]> {
  if (!(await findBubblewrap()).works) return [];
  const trusted = createPythonRuntime({ idleMs: 60_000 });
  const sandboxed = createPythonSandbox({ idleMs: 60_000, maxWorkers: COLD_STARTS + IDLE_SANDBOXES + 2 });
  try {
    return [
      await measureCalls(trusted, sandboxed),
      await measureColdStart(sandboxed),
      await measureIdle(sandboxed),
      await measurePacks(),
    ];
  } finally {
    await Promise.all([trusted.close(), sandboxed.close()]);
  }
}

/** Rounds take turns, so that whatever else the machine does meets both. */
async function measureCalls(trusted: Runtime, sandboxed: Runtime): Promise<Row> {
  const agents = [await load(trusted, 'calls'), await load(sandboxed, 'calls')] as const;
  const context = contextOf('calls');
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [index, agent] of agents.entries()) {
      const began = performance.now();
      for (let n = 0; n < CALLS_A_ROUND; n++) await agent.run(context, { n });
      if (round > 0) times[index]?.push(((performance.now() - began) * 1_000) / CALLS_A_ROUND);
    }
  }
  const [theirs, ours] = times.map(median) as [number, number];
  const value = ours / theirs;
  const name = 'Python: sandboxed call against a trusted one';
  return { name, value, goal: '≤ 1.3', ok: value <= 1.3, ours: round(ours), theirs: round(theirs), unit: 'µs' };
}

/** Each user is a new one and gets a sandbox of its own; nothing is kept warm for it. */
async function measureColdStart(sandboxed: Runtime): Promise<Row> {
  const agent = await load(sandboxed, 'cold');
  const times: number[] = [];
  for (let n = 0; n < COLD_STARTS; n++) {
    const began = performance.now();
    await agent.run(contextOf(`cold-${n}`), { n });
    times.push(performance.now() - began);
  }
  const value = median(times);
  return { name: 'Python: cold start of a sandbox to its first result (ms)', value, goal: '≤ 60', ok: value <= 60 };
}

async function measureIdle(sandboxed: Runtime): Promise<Row> {
  const agent = await load(sandboxed, 'idle');
  const before = sandboxMegabytes();
  for (let n = 0; n < IDLE_SANDBOXES; n++) await agent.run(contextOf(`idle-${n}`), { n });
  const value = (sandboxMegabytes() - before) / IDLE_SANDBOXES;
  return { name: 'Python: an idle sandbox, shared pages counted in part (MB)', value, goal: '≤ 12', ok: value <= 12 };
}

/** All packs are deployed, and some are called at once after another, each by a user of its own. */
async function measurePacks(): Promise<Row> {
  const runtime = createPythonSandbox({ idleMs: 1_000 });
  try {
    let most = 0;
    const agents: LoadedAgent[] = [];
    for (let n = 0; n < PACKS; n++) agents.push(await load(runtime, `pack-${n}`));
    for (const [n, agent] of agents.slice(0, CALLED_PACKS).entries()) {
      await agent.run(contextOf(`user-${n}`), { n });
      if (n % 50 === 49) most = Math.max(most, sandboxMegabytes() + process.memoryUsage().rss / 2 ** 20);
    }
    return {
      name: `Python: ${PACKS} packs, ${CALLED_PACKS} called (MB of host and sandboxes)`,
      value: most,
      goal: '≤ 1024',
      ok: most <= 1024,
    };
  } finally {
    await runtime.close();
  }
}

async function load(runtime: Runtime, packGuid: string): Promise<LoadedAgent> {
  const bytes = new TextEncoder().encode(TEXT);
  const file = { filename: 'echo_agent.py', path: 'echo_agent.py', bytes, digest: 'sha256:0', packGuid };
  const [agent] = await runtime.load(file, DEFAULT_LIMITS);
  if (agent === undefined) throw new Error('The file has no agent');
  return agent;
}

function contextOf(userGuid: string): AgentContext {
  const refuse = () => Promise.reject(new PypesError('unsupported', 'The benchmark grants nothing'));
  return {
    agent: 'echo',
    packGuid: 'bench',
    userGuid,
    runId: 'run',
    signal: new AbortController().signal,
    stopped: false,
    onStop: () => () => undefined,
    log: () => undefined,
    progress: () => undefined,
    memory: { get: refuse, set: refuse, delete: refuse, list: refuse, checkout: refuse },
    call: refuse,
    use: refuse,
  };
}

/** All processes below this one: bubblewrap, and what runs inside it. */
function sandboxMegabytes(): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? read(`/proc/${name}/stat`) : '';
    const parent = /\) \S (\d+)/.exec(stat)?.[1];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === process.pid || isBelow(parent));
  };
  const kilobytes = [...parents.keys()]
    .filter(isBelow)
    .map((pid) => Number(/Pss:\s+(\d+)/.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0));
  return kilobytes.reduce((sum, each) => sum + each, 0) / 1024;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function round(value: number): number {
  return Math.round(value);
}
