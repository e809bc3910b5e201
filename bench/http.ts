// Calls over HTTP: an agent of each language against a bare echo and against Python's own servers, on one core.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { load } from './load.ts';
import { residentMegabytes, type Server, startServer } from './processes.ts';
import type { Row } from './rows.ts';
import { median } from './rows.ts';

const AGENTS = {
  'echo-js.mjs': `export const AGENT = { name: 'js', description: '', parameters: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] } };
export const run = (context, { text }) => ({ text });`,
  'echo-lispy.lispy': `(def AGENT {:name "lispy" :description "" :parameters {:type "object" :properties {:text {:type "string"}} :required ["text"]}})
(defn run [context text] {:text text})`,
  'echo_py.py': `AGENT = {"name": "py", "description": "", "parameters": {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}}
def run(context, text):
    return {"text": text}`,
};

const CONNECTIONS = 32;
/** V8 goes on optimising a service for some ten seconds of load. */
const WARM_MS = 12_000;
const ROUND_MS = 2_000;
const ROUNDS = 5;
const TEXT = 'x'.repeat(1_000);

type Subject = { readonly name: string; readonly server: Server; readonly path: string; readonly agent: string };

/** Requests per second of each subject, rounds taken in turn, and the memory of the idle server. */
export async function measureHttp(): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pypes-bench-'));
  const agents = join(folder, 'agents');
  const servers: Server[] = [];
  try {
    mkdirSync(agents);
    for (const [name, text] of Object.entries(AGENTS)) writeFileSync(join(agents, name), text);
    const here = import.meta.dirname;
    const start = async (command: string, args: readonly string[], port: number) => {
      const server = await startServer(command, args, port, folder);
      servers.push(server);
      return server;
    };
    const pypes = await start(
      process.execPath,
      [resolve(here, '../packages/cli/bin/pypes.mjs'), 'serve', agents, '--port', '9301', '--log-level', 'warn'],
      9301,
    );
    await new Promise((done) => setTimeout(done, 1_500));
    const idle = residentMegabytes(pypes.process.pid);
    const bare = await start(process.execPath, [resolve(here, 'servers/bare.ts'), '9302'], 9302);
    const python = process.env.PYPES_PYTHON ?? 'python3';
    const plain = await start(python, [resolve(here, 'servers/stdlib.py'), '9303', 'plain'], 9303);
    const threading = await start(python, [resolve(here, 'servers/stdlib.py'), '9304', 'threading'], 9304);
    const keepAlive = await start(python, [resolve(here, 'servers/stdlib.py'), '9305', 'threading-keep-alive'], 9305);
    const subjects: readonly Subject[] = [
      { name: 'bare', server: bare, path: '/', agent: 'bare' },
      { name: 'js', server: pypes, path: '/api/pack/agents/agent', agent: 'js' },
      { name: 'lispy', server: pypes, path: '/api/pack/agents/agent', agent: 'lispy' },
      { name: 'python', server: pypes, path: '/api/pack/agents/agent', agent: 'py' },
      { name: 'stdlib plain', server: plain, path: '/', agent: 'py' },
      { name: 'stdlib threading', server: threading, path: '/', agent: 'py' },
      { name: 'stdlib threading keep-alive', server: keepAlive, path: '/', agent: 'py' },
    ];
    const rps = await measureInTurn(subjects);
    const of = (name: string) => rps.get(name) ?? Number.NaN;
    const bestStdlib = Math.max(of('stdlib threading'), of('stdlib threading keep-alive'));
    const memory: Row[] =
      idle === undefined
        ? []
        : [{ name: 'idle memory of the server (MB)', value: idle, goal: '≤ 120', ok: idle <= 120 }];
    return [
      ratio('HTTP: JavaScript agent / bare node:http echo', of('js'), of('bare'), 0.6),
      ratio('HTTP: LisPy agent / bare node:http echo', of('lispy'), of('bare'), 0.6),
      ratio('HTTP: Python agent / best stdlib server', of('python'), bestStdlib, 1),
      ratio('HTTP: Python agent / plain stdlib HTTPServer', of('python'), of('stdlib plain'), 2.5),
      ...memory,
    ];
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureInTurn(subjects: readonly Subject[]): Promise<ReadonlyMap<string, number>> {
  const results = new Map<string, number[]>();
  for (let round = 0; round <= ROUNDS; round++) {
    for (const { name, server, path, agent } of subjects) {
      const body = JSON.stringify({ name: agent, args: { text: TEXT } });
      const { rps, failed } = await load({
        port: server.port,
        path,
        body,
        connections: CONNECTIONS,
        ms: round === 0 ? WARM_MS : ROUND_MS,
      });
      if (failed > 0) throw new Error(`${failed} requests to ${name} failed`);
      // The first round warms up.
      if (round > 0) results.set(name, [...(results.get(name) ?? []), rps]);
    }
  }
  return new Map([...results].map(([name, values]) => [name, median(values)]));
}

function ratio(name: string, ours: number, theirs: number, goal: number): Row {
  return {
    name,
    value: ours / theirs,
    goal: `≥ ${goal}`,
    ok: ours / theirs >= goal,
    ours: Math.round(ours),
    theirs: Math.round(theirs),
    unit: 'req/s',
  };
}
