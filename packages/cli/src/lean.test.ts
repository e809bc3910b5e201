// From its sources, in a process of its own: nothing else starts like that.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, it } from 'vitest';

const PYPES = join(import.meta.dirname, '../bin/pypes.mjs');
const AGENTS = join(import.meta.dirname, '../../../agents');

/** What runs tests keeps a cache of its own, which would be taken instead. */
const { NODE_COMPILE_CACHE: _, ...environment } = process.env;

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

async function start(cache: string, folder = AGENTS) {
  const child = spawn(
    process.execPath,
    [PYPES, 'serve', folder, '--port', '0', '--root', mkdtempSync(join(tmpdir(), 'pypes-lean-')), '--json'],
    { stdio: ['ignore', 'inherit', 'pipe'], env: { ...environment, XDG_CACHE_HOME: cache } },
  );
  running.push(child);
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    lines.push(line);
    const entry = line.startsWith('{') ? (JSON.parse(line) as { event: string; url: string }) : undefined;
    if (entry?.event === 'service.started') return { child, url: entry.url, lines };
  }
  throw new Error(`It ended: ${lines.join('\n')}`);
}

const call = async (url: string, name: string, args: object) => {
  const body = JSON.stringify({ name, args });
  const response = await fetch(`${url}/api/pack/agents/agent`, { method: 'POST', body });
  return ((await response.json()) as { status: string }).status;
};

const megabytes = ({ pid }: ChildProcess) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

async function stop(child: ChildProcess): Promise<unknown> {
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
  child.kill('SIGTERM');
  return ended;
}

it.skipIf(!existsSync('/proc/self/status'))('takes no more memory at its first start than later', async () => {
  const cache = mkdtempSync(join(tmpdir(), 'pypes-cache-'));
  const sizes: number[] = [];
  for (let n = 0; n < 2; n++) {
    const { child, url, lines } = await start(cache);
    sizes.push(megabytes(child));
    expect(lines.filter((line) => line.includes('service.started'))).toHaveLength(1);
    expect(await call(url, 'cron-explain', { cron: '5 4 * * *' })).toBe('ok');
    // It ends as it is told to, though it took the place of another start.
    expect(await stop(child)).toBe(0);
  }
  // What strips types would be 25 MB.
  expect(sizes[0]).toBeLessThan((sizes[1] as number) + 15);
});

it('serves where nothing can be kept', async () => {
  const { url } = await start('/dev/null/cache');
  expect(await call(url, 'duration', { text: '5 minutes' })).toBe('ok');
});

it('starts with files that no stripper can take, or that would be waited for', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pypes-lean-'));
  writeFileSync(join(folder, 'deep.ts'), `export const x = ${'('.repeat(200_000)}1${')'.repeat(200_000)};`);
  execFileSync('mkfifo', [join(folder, 'pipe.ts')]);
  const { child } = await start(mkdtempSync(join(tmpdir(), 'pypes-cache-')), folder);
  expect(await stop(child)).toBe(0);
});
