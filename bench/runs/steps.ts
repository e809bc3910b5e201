// Three steps, one after another: a blueprint as a durable run beside the same three steps in Restate's own SDK.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunEngine, RunStore } from '@pypes/contract/runs';
import { createRestateEngine } from '@pypes/engines/restate';
import { createLocalPacks } from '@pypes/service/blueprints';
import { createNodeHost } from '@pypes/service/node';
import { createBlueprintRunner, createNodeRuns } from '@pypes/service/runs';
import { createPostgresRunStore } from '@pypes/stores/postgres';
import { type Context, createEndpointHandler, service } from '@restatedev/restate-sdk';
import {
  findRestateServer,
  type RestateCluster,
  startRestate,
} from '../../packages/engines/src/testing/restate-server.ts';
import { type PostgresServer, postgresSkipReason, startPostgres } from '../../packages/stores/src/testing/postgres.ts';
import { median, type Row } from '../rows.ts';

const ROUNDS = 7;
const RUNS_A_ROUND = 40;

/** None where there is no Restate or no Postgres. */
export async function measureRunSteps(): Promise<readonly Row[]> {
  if (findRestateServer() === undefined || postgresSkipReason !== undefined) return [];
  const [restate, postgres] = [await startRestate(1), await startPostgres()];
  const opened: Subject[] = [];
  const add = async (opening: Promise<Subject>) => {
    const subject = await opening;
    opened.push(subject);
    return subject;
  };
  try {
    const theirs = await add(openSdk(restate));
    const embedded = await add(openOurs());
    const engine = await add(openOursOnRestate(restate, postgres));
    const [sdkMs, embeddedMs, engineMs] = await inTurn([theirs, embedded, engine]);
    const row = (name: string, ours: number, most: number, goal: string): Row => ({
      name,
      value: ours / sdkMs,
      goal,
      ok: ours / sdkMs <= most,
      ours: round(ours),
      theirs: round(sdkMs),
      unit: 'ms',
    });
    return [
      row("Three steps: our blueprint, embedded, against Restate's SDK", embeddedMs, 1, '≤ 1'),
      row(
        "Three steps: our blueprint on the Restate engine and Postgres, against Restate's SDK",
        engineMs,
        1.5,
        '≤ 1.5',
      ),
    ];
  } finally {
    for (const subject of opened.reverse()) await subject.close();
    await Promise.all([restate.stop(), postgres.stop()]);
  }
}

type Subject = { run(): Promise<void>; close(): Promise<void> };

/** Rounds take turns; the median of each. Milliseconds for one run. */
async function inTurn(subjects: readonly [Subject, Subject, Subject]): Promise<readonly [number, number, number]> {
  const times: readonly [number[], number[], number[]] = [[], [], []];
  for (let n = 0; n <= ROUNDS; n++) {
    for (const [index, subject] of subjects.entries()) {
      const began = performance.now();
      for (let run = 0; run < RUNS_A_ROUND; run++) await subject.run();
      if (n > 0) times[index]?.push((performance.now() - began) / RUNS_A_ROUND);
    }
  }
  return [median(times[0]), median(times[1]), median(times[2])];
}

/** A service of three journalled steps, called through the ingress as its users do. */
async function openSdk(restate: RestateCluster): Promise<Subject> {
  const steps = service({
    name: 'bench_steps',
    handlers: {
      go: async (context: Context, { n }: { n: number }) => {
        const first = await context.run('first', () => n + 1);
        const second = await context.run('second', () => first + 1);
        return context.run('third', () => second + 1);
      },
    },
  });
  const server = createServer(createEndpointHandler({ services: [steps], logger: () => undefined }));
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
  const { port } = server.address() as AddressInfo;
  await post(`${restate.adminUrl}/deployments`, { uri: `http://127.0.0.1:${port}`, force: true });
  const [ingress = ''] = restate.ingressUrls;
  const run = async () => {
    const answer = await post(`${ingress}/bench_steps/go`, { n: 1 });
    if (answer !== 4) throw new Error(`The steps gave ${JSON.stringify(answer)}`);
  };
  await ready(run);
  return {
    run,
    close: async () => {
      server.close();
    },
  };
}

function openOurs(): Promise<Subject> {
  return openRuns({});
}

async function openOursOnRestate(restate: RestateCluster, postgres: PostgresServer): Promise<Subject> {
  const engine = createRestateEngine({
    ingressUrl: restate.ingressUrls,
    adminUrl: restate.adminUrl,
    worker: { port: 0, concurrency: 16 },
  });
  const store = await createPostgresRunStore({ connectionString: postgres.connectionString });
  return openRuns({ engine, store });
}

async function openRuns(parts: { readonly engine?: RunEngine; readonly store?: RunStore }): Promise<Subject> {
  const root = mkdtempSync(join(tmpdir(), 'pypes-bench-steps-'));
  const localPacks = createLocalPacks();
  const quiet = { root, log: () => undefined };
  const host = createNodeHost({ folders: [], ...quiet, packs: localPacks.over, onEvent: () => undefined });
  const fileOf = async () => join(import.meta.dirname, 'blueprint', 'agent.toml');
  const { runs } = createNodeRuns({
    ...quiet,
    ...parts,
    host,
    version: 'bench',
    blueprints: createBlueprintRunner({ ...quiet, host, localPacks, fileOf }),
  });
  const run = async () => {
    const { tenant, run_id } = await runs.create({ blueprint: 'three-steps', input: {} });
    const ref = { tenant, run_id };
    for await (const _ of runs.follow(ref));
    const { status, result, error } = await runs.get(ref);
    if (status !== 'finished' || result !== 4)
      throw new Error(`A run came to ${status} ${JSON.stringify(result ?? error)}`);
  };
  await ready(run);
  return {
    run,
    async close() {
      await runs.close(0);
      await host.close(0);
      rmSync(root, { recursive: true, force: true });
    },
  };
}

async function post(url: string, body: object): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status} ${text}`);
  return JSON.parse(text);
}

/** What was registered a moment ago may not be known everywhere yet. */
async function ready(run: () => Promise<void>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await run();
      return;
    } catch (error) {
      if (tries >= 50) throw error;
      await new Promise((again) => setTimeout(again, 100));
    }
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
