// The package that people install: how large it is, and how soon it answers from a folder with every language.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LANGUAGES } from '../scripts/npm/agents.fixture.ts';
import { pack } from '../scripts/npm/pack.ts';
import { writePackage } from '../scripts/npm/package.ts';
import { median, type Row } from './rows.ts';

const ROUNDS = 9;
const MEGABYTE = 1_000_000;
const POLL_MS = 3;
/** What measures is pinned to one core; what a person starts is not. */
const UNPINNED = spawnSync('taskset', ['--version']).status === 0 ? ['taskset', '-c', `0-${cpus().length - 1}`] : [];
/** A version manager's shim takes a tenth of a second and more by itself; a bare machine has none. */
const PYTHON = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).stdout.trim();
const GOALS = { packed: 5, installed: 60, answerSeconds: 1, versionSeconds: 0.3 };

/** Megabytes, and seconds from the start of a command to the end of its first answer. */
export async function measurePackage(): Promise<readonly Row[]> {
  const home = mkdtempSync(join(tmpdir(), 'pypes-bench-'));
  try {
    await writePackage(join(home, 'pypes'));
    const { file, bytes, unpackedBytes } = pack(join(home, 'pypes'), home);
    const folder = join(home, 'fresh');
    mkdirSync(join(folder, 'agents'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    for (const { file: name, source } of LANGUAGES) writeFileSync(join(folder, 'agents', name), source);
    spawnSync('npm', ['install', '--offline', '--no-audit', '--no-fund', file], { cwd: folder });
    const bin = join(folder, 'node_modules/pypes/packages/cli/bin/pypes.mjs');
    const rounds = { npx: [] as number[], node: [] as number[], version: [] as number[] };
    // Taken in turn; the first round fills the cache of compiled code, and is left out.
    for (let round = 0; round <= ROUNDS; round++) {
      const npx = await measureAnswer('npx', ['--no', 'pypes'], folder);
      const node = await measureAnswer(process.execPath, [bin], folder);
      const began = performance.now();
      spawnSync(process.execPath, [bin, '--version']);
      const version = (performance.now() - began) / 1_000;
      if (round === 0) continue;
      rounds.npx.push(npx);
      rounds.node.push(node);
      rounds.version.push(version);
    }
    return [
      toRow('package: packed', bytes / MEGABYTE, GOALS.packed, 'MB'),
      toRow('package: installed', unpackedBytes / MEGABYTE, GOALS.installed, 'MB'),
      toRow('package: npx pypes serve, to its first answer', median(rounds.npx), GOALS.answerSeconds, 's'),
      toRow('package: the same without npx', median(rounds.node), GOALS.answerSeconds, 's'),
      toRow('package: pypes --version', median(rounds.version), GOALS.versionSeconds, 's'),
    ];
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function toRow(name: string, value: number, most: number, unit: string): Row {
  return { name, value, goal: `at most ${most}`, ok: value <= most, unit };
}

/** Seconds until all agents are listed. */
async function measureAnswer(command: string, args: readonly string[], folder: string): Promise<number> {
  const port = await freePort();
  const began = performance.now();
  const [program = command, ...rest] = [...UNPINNED, command, ...args, 'serve', 'agents', '--port', String(port)];
  const child = spawn(program, rest, {
    cwd: folder,
    env: { ...process.env, PYPES_PYTHON: PYTHON || 'python3' },
    stdio: 'ignore',
    detached: true,
  });
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  try {
    while (child.exitCode === null) {
      const answer = await fetch(`http://127.0.0.1:${port}/api/pack/healthz`).catch(() => undefined);
      if (answer?.ok === true) {
        await answer.arrayBuffer();
        return (performance.now() - began) / 1_000;
      }
      await sleep(POLL_MS);
    }
    throw new Error(`pypes serve ended with ${child.exitCode}`);
  } finally {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
    await ended;
  }
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((done) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
