// The same LisPy and JavaScript agent on every back end: calls a second, the slowest of a hundred, and a cold start.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { packageForTests } from '../packages/service/src/backends/edge/testing/edge.ts';
import { startConditionalS3 } from '../packages/stores/src/testing/s3-conditional.ts';
import { load } from './load.ts';
import { startServer } from './processes.ts';
import { median, type Row } from './rows.ts';

const AGENTS = {
  'lispy.lispy':
    '(def AGENT {:name "lispy" :parameters {:type "object" :properties {:text {:type "string"}} :required ["text"]}})\n(defn run [context text] {:text text})\n',
  'js.mjs':
    "export const AGENT = { name: 'js', parameters: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] } };\nexport const run = (context, { text }) => ({ text });\n",
};
const GUID = '0b6f6a0e-3a53-4c53-8d5b-6d1f5a0c9e11';
const TOKEN = 'the-token-of-the-operator';
const CONNECTIONS = 32;
const [WARM_MS, ROUND_MS, ROUNDS, STARTS] = [3_000, 2_000, 3, 5];
const CALLS = 2_000;
const BODY = (name: string) => JSON.stringify({ name, args: { text: 'x'.repeat(1_000) } });
const PATH = `/api/pack/${GUID}/agent`;
const BUNDLE = JSON.stringify({
  schema: 'pack/1.0',
  pack_guid: GUID,
  name: 'bench',
  agents: Object.entries(AGENTS).map(([filename, source]) => ({ filename, source })),
});

type Figures = { readonly rps: number; readonly p99: number };
type Measured = { readonly [agent: string]: Figures } & { readonly cold: Figures };

/** No goals: what a back end adds is shown beside the others. */
export async function measureBackends(): Promise<readonly Row[]> {
  const root = mkdtempSync(join(tmpdir(), 'pypes-bench-'));
  try {
    const all = [
      ['A (pypes serve)', await measureProcess(root)],
      ['B (Lambda handler in its process, packs in S3 looked at once a second)', await measureFunction()],
      ['C (workerd)', await measureEdge()],
    ] as const;
    return all.flatMap(([name, { cold, ...agents }]) => [
      ...Object.entries(agents).flatMap(([agent, { rps, p99 }]) => [
        row(`back end ${name}: ${agent} agent`, rps, 'calls/s'),
        row(`back end ${name}: ${agent} agent, p99`, p99, 'ms'),
      ]),
      row(`back end ${name}: from start to the first answer of a LisPy agent`, cold.p99, 'ms'),
    ]);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const row = (name: string, value: number, unit: string): Row => ({ name, value, goal: '–', ok: true, unit });

async function measureProcess(root: string): Promise<Measured> {
  const pypes = resolve(import.meta.dirname, '../packages/cli/bin/pypes.mjs');
  const empty = join(root, 'agents');
  mkdirSync(empty);
  const place = join(root, 'root');
  const start = (port: number) =>
    startServer(
      process.execPath,
      [pypes, 'serve', empty, '--port', String(port), '--root', place, '--log-level', 'warn'],
      port,
      root,
    );
  const server = await start(9_321);
  await deploy(9_321);
  const agents = await loadEach(9_321);
  await server.stop();
  const cold: number[] = [];
  for (let round = 0; round < STARTS; round++) {
    const began = performance.now();
    const again = await start(9_322 + round);
    await ask(9_322 + round);
    cold.push(performance.now() - began);
    await again.stop();
  }
  return { ...agents, cold: { rps: 0, p99: median(cold) } };
}

async function measureEdge(): Promise<Measured> {
  const place = await packageForTests();
  try {
    const start = async () => {
      const edge = await place.start({ PYPES_LOG_LEVEL: 'error' });
      spawnSync('taskset', ['-acp', '0', String(edge.pid)]);
      return edge;
    };
    const edge = await start();
    await deploy(edge.port);
    const agents = await loadEach(edge.port);
    edge.kill();
    await edge.gone;
    const cold: number[] = [];
    for (let round = 0; round < STARTS; round++) {
      const began = performance.now();
      const again = await start();
      await ask(again.port);
      cold.push(performance.now() - began);
      again.kill();
      await again.gone;
    }
    return { ...agents, cold: { rps: 0, p99: median(cold) } };
  } finally {
    await place.remove();
  }
}

async function measureFunction(): Promise<Measured> {
  const s3 = await startConditionalS3();
  const env = {
    PATH: process.env.PATH ?? '',
    PYPES_TOKEN: TOKEN,
    PYPES_ALLOW_HOSTS: '127.0.0.1',
    PYPES_LOG_LEVEL: 'error',
    PYPES_PACK_AGE_MS: '1000',
    PYPES_S3_BUCKET: s3.bucket,
    PYPES_S3_ENDPOINT: s3.endpoint,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: s3.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: s3.credentials.secretAccessKey,
  };
  const path = join(import.meta.dirname, 'servers/lambda-in-process.ts');
  const start = () => spawn('taskset', ['-c', '0', process.execPath, path], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  try {
    const child = start();
    const perform = talkTo(child);
    await perform({ path: '/api/pack/deploy', body: BUNDLE, calls: 1, atOnce: 1 });
    const agents: { [agent: string]: Figures } = {};
    for (const agent of ['lispy', 'js']) {
      const task = { path: PATH, body: BODY(agent), calls: CALLS, atOnce: CONNECTIONS };
      const rounds = [];
      for (let round = -1; round < ROUNDS; round++) rounds.push(await perform(task));
      agents[agent] = middle(rounds.slice(1));
    }
    child.kill();
    const cold: number[] = [];
    for (let round = 0; round < STARTS; round++) {
      const again = start();
      const { sinceStart } = await talkTo(again)({ path: PATH, body: BODY('lispy'), calls: 1, atOnce: 1 });
      cold.push(sinceStart);
      again.kill();
    }
    return { ...agents, cold: { rps: 0, p99: median(cold) } };
  } finally {
    await s3.stop();
  }
}

type Answered = Figures & { readonly status: number; readonly sinceStart: number };

function talkTo(child: ChildProcess): (task: object) => Promise<Answered> {
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  return async (task) => {
    child.stdin?.write(`${JSON.stringify(task)}\n`);
    const { value } = await lines.next();
    // What it logs comes on the same stream.
    const answer = JSON.parse(String(value)) as Answered;
    if (answer.status !== 200) throw new Error(`A call was answered with ${answer.status}`);
    return answer;
  };
}

async function loadEach(port: number): Promise<{ readonly [agent: string]: Figures }> {
  const found: { [agent: string]: Figures } = {};
  for (const agent of ['lispy', 'js']) {
    const request = { port, path: PATH, body: BODY(agent), connections: CONNECTIONS };
    await load({ ...request, ms: WARM_MS });
    const rounds = [];
    for (let round = 0; round < ROUNDS; round++) {
      const result = await load({ ...request, ms: ROUND_MS });
      if (result.failed > 0) throw new Error(`${result.failed} calls of ${agent} failed`);
      rounds.push(result);
    }
    found[agent] = middle(rounds);
  }
  return found;
}

function middle(rounds: readonly Figures[]): Figures {
  return { rps: median(rounds.map(({ rps }) => rps)), p99: median(rounds.map(({ p99 }) => p99)) };
}

async function deploy(port: number): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/api/pack/deploy`, { method: 'POST', body: BUNDLE });
  if (!response.ok) throw new Error(`The deploy was answered with ${response.status}`);
}

async function ask(port: number): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}${PATH}`, { method: 'POST', body: BODY('lispy') });
  if (!response.ok) throw new Error(`The first call was answered with ${response.status}: ${await response.text()}`);
  await response.arrayBuffer();
}
