// A server that somebody else wrote, in another language, from the specification alone: the suite judges it all the same.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { runConformance, toLine, toMatrix, toSummary } from '@pypes/conformance';

const SECONDS_A_CALL = '10';

async function start(): Promise<{ readonly url: string; readonly process: ChildProcess }> {
  const args = ['-B', join(import.meta.dirname, 'server.py'), '--port', '0', '--timeout', SECONDS_A_CALL];
  const process = spawn('python3', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise<string>((started, failed) => {
    createInterface({ input: process.stdout }).once('line', started);
    process.once('error', failed);
    process.once('exit', (code) => failed(new Error(`The server ended with ${code}`)));
  });
  return { url, process };
}

async function story(): Promise<void> {
  const server = await start();
  try {
    const report = await runConformance({ url: server.url });
    for (const outcome of report.outcomes.filter(({ status }) => status === 'failed')) console.log(toLine(outcome));
    console.log(toSummary(report));
    console.log(toMatrix([{ name: 'independent', report }]));
    assert.deepEqual(
      report.outcomes.filter(({ status }) => status === 'failed'),
      [],
    );
    assert.ok(report.conformant);
    assert.deepEqual(report.left, []);
    // It runs what is deployed without a sandbox, says so, and is judged by what it says.
    assert.deepEqual(report.declares, ['local', 'python']);
    const { packs } = (await (await fetch(`${server.url}/api/pack/healthz`)).json()) as { readonly packs: unknown[] };
    assert.deepEqual(packs, []);
  } finally {
    server.process.kill();
  }
}

if (spawnSync('python3', ['--version']).status === 0) await story();
else if (process.env.CI === undefined) console.log('Skipped: python3 is not installed');
else throw new Error('python3 is not installed');
