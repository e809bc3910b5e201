// Runs where the network is cut: serves a folder with the installed package, calls every agent, prints what came back.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';

type Call = { readonly name: string; readonly args: object };
type Plan = { readonly calls: readonly Call[]; readonly strangers: object; readonly strangersCalls: readonly Call[] };

/** The service says where it listens within a minute, also on a busy machine. */
const START_MS = 60_000;

const [folder = '.'] = process.argv.slice(2);
const plan = JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8')) as Plan;
const began = performance.now();
const service = spawn('npx', ['--no', 'pypes', 'serve', 'agents', '--port', '0', '--json'], {
  cwd: folder,
  stdio: ['ignore', 'ignore', 'pipe'],
  detached: true,
});
const giveUp = setTimeout(() => stop(1), START_MS);
process.on('exit', () => process.kill(-(service.pid ?? 0), 'SIGKILL'));

const url = await findUrl();
clearTimeout(giveUp);
const health = await (await fetch(`${url}/api/pack/healthz`)).json();
const startMs = Math.round(performance.now() - began);
const called = [];
for (const call of plan.calls) called.push(await post('/api/pack/agents/agent', call));
const deployed = await post('/api/pack/deploy', plan.strangers);
const strangers = [];
for (const call of plan.strangersCalls) strangers.push(await post(`/api/pack/${deployed.pack_guid}/agent`, call));
console.log(JSON.stringify({ interfaces: Object.keys(networkInterfaces()), startMs, health, called, strangers }));
stop(0);

async function findUrl(): Promise<string> {
  let said = '';
  for await (const text of service.stderr.setEncoding('utf8')) {
    said += text;
    const found = /"event":"service\.started","url":"([^"]+)"/.exec(said)?.[1];
    if (found !== undefined) return found;
  }
  throw new Error(`The service ended: ${said}`);
}

async function post(path: string, body: object): Promise<{ readonly [key: string]: unknown }> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  return (await answer.json()) as { readonly [key: string]: unknown };
}

function stop(code: number): never {
  process.exit(code);
}
