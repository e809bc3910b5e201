// The guide to languages elsewhere: its commands run as they are, a machine and an edge as processes of their own.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { findBubblewrap } from '@pypes/runtimes/python';
import { afterAll, expect, it } from 'vitest';
import { edgeSkipReason } from '../../../service/src/backends/edge/testing/edge.ts';
import { PYPES } from './command.ts';

const guide = readFileSync(resolve(import.meta.dirname, '../../../../docs/guide/remote.md'), 'utf8');
const [machine = '', edge = '', use = ''] = [...guide.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);

const { works, reason } = (await findBubblewrap()) as { works: boolean; reason?: string };
const skipReason = edgeSkipReason ?? (works || process.env.CI !== undefined ? undefined : `bubblewrap: ${reason}`);

const root = mkdtempSync(join(tmpdir(), 'pypes-remote-guide-'));
const started: ChildProcess[] = [];
afterAll(async () => {
  for (const child of started.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) {
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    await gone;
  }
  rmSync(root, { recursive: true, force: true });
});

const command = join(root, 'pypes');
writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${PYPES}" "$@"\n`);
chmodSync(command, 0o755);
const env = { ...process.env, PATH: `${root}:${process.env.PATH}` };

/** Runs a block whose last command stays, and gives the address that it listens at. */
function start(block: string, event: string): Promise<string> {
  // The shell becomes its last command, so that ending the one ends the other.
  const script = block
    .trimEnd()
    .replace(/(\n|^)((?:\w+=\S+(?: remote\.key\))? )*)pypes (.*)$/, '$1$2exec pypes $3 --port 0');
  const child = spawn('bash', ['-euc', script.replace(/((?:\w+=\S+(?: remote\.key\))? )+)exec /, 'export $1; exec ')], {
    cwd: root,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  started.push(child);
  return new Promise((found, failed) => {
    const lines: string[] = [];
    createInterface({ input: child.stderr }).on('line', (line) => {
      lines.push(line);
      if (line.includes(event)) found((JSON.parse(line) as { url: string }).url);
    });
    child.once('exit', () => failed(new Error(lines.join('\n'))));
  });
}

it.skipIf(skipReason !== undefined)(`its commands do what it says ${skipReason ?? ''}`, async () => {
  const there = await start(machine, 'service.started');
  const here = await start(edge.replace('http://127.0.0.1:7080', there), 'edge.started');
  const script = use.replaceAll('http://127.0.0.1:8787', here).replaceAll(/^curl .*$/gm, '$&; echo');
  const { stdout, stderr, status } = spawnSync('bash', ['-euc', script], { cwd: root, encoding: 'utf8', env });
  expect([status, stderr]).toEqual([0, expect.not.stringContaining('Error')]);
  const answers = stdout.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as object] : []));
  expect(answers).toMatchObject([
    { status: 'ok', agent_count: 1 },
    { status: 'ok', output: { name: 'Ann', visits: 1 } },
    { status: 'ok', output: { name: 'Ann', visits: 2 } },
  ]);
  expect(guide).toContain(JSON.stringify(answers[2]));
});
