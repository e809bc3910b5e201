// What remains after the host was killed: no process, and no file once the next host has started.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createSessionProvider } from './provider.ts';
import { noChromium } from './testing/open-sessions.ts';
import { isRunning, processesBelow } from './testing/processes.ts';

const skipped = noChromium ?? (process.platform === 'linux' ? undefined : 'needs /proc');

it.skipIf(skipped !== undefined)(
  `nothing remains after kill -9${skipped === undefined ? '' : ` (${skipped})`}`,
  async () => {
    const root = mkdtempSync(join(tmpdir(), 'pypes-session-'));
    const temporary = mkdtempSync(join(tmpdir(), 'pypes-killed-'));
    const host = spawn(process.execPath, [join(import.meta.dirname, 'testing/host.fixture.ts'), root], {
      stdio: ['ignore', 'pipe', 'inherit'],
      // Playwright keeps the browser's profile there, and could not remove it.
      env: { ...process.env, TMPDIR: temporary },
    });
    await new Promise((ready) => host.stdout.once('data', ready));
    const started = processesBelow(host.pid ?? 0);
    expect(started.some(({ command }) => command.includes('--type=renderer'))).toBe(true);
    const [left = ''] = readdirSync(root);
    host.kill('SIGKILL');
    await expect.poll(() => started.filter(isRunning), { timeout: 20_000 }).toEqual([]);
    expect(readdirSync(root)).toContain(left);
    const next = createSessionProvider({ root });
    expect(readdirSync(root)).not.toContain(left);
    await next.close();
    for (const folder of [root, temporary]) rmSync(folder, { recursive: true, force: true });
  },
  60_000,
);
