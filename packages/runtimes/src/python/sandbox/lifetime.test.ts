// When sandboxes begin and end: with a call, with idleness, with the host; and how many there are.
import { spawn } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEFAULT_LIMITS } from '@pypes/contract';
import { expect, it } from 'vitest';
import { createTestContext } from '../../testing/context.ts';
import { sourceFile } from '../../testing/source-file.ts';
import { agentFile, isAlive, until } from '../testing.ts';
import { findInside, readStat } from './proc.ts';
import { createPythonSandbox } from './sandbox.ts';
import { describeSandbox } from './testing.ts';

/** The bubblewrap processes of a host, with the process inside each. */
function sandboxesOf(host: number): (readonly [outer: number, inside: number])[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids
    .filter((pid) => readStat(pid)?.parent === host)
    .flatMap((outer) => {
      const inside = findInside(outer);
      return inside === undefined ? [] : [[outer, inside] as const];
    });
}

const FORGET = 'ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)\nprint("running")\nwhile True:\n    pass';

describeSandbox('lifetime', () => {
  it('ends with a host that is killed, whatever the agent does against it', async () => {
    const script = fileURLToPath(new URL('./killed-host.fixture.ts', import.meta.url));
    const host = spawn(process.execPath, [script, agentFile(FORGET, 'import ctypes')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => host.stdout.once('data', resolve));
    const pids = sandboxesOf(host.pid as number).flat();
    expect(pids.length).toBeGreaterThanOrEqual(2);
    host.kill('SIGKILL');
    await until(() => !pids.some(isAlive));
    for (const name of readdirSync(tmpdir())) {
      if (name.startsWith(`pypes-python-${host.pid}-`)) rmSync(join(tmpdir(), name), { recursive: true });
    }
  });

  it('starts none for packs that are not called, and ends those that are idle', async () => {
    const runtime = createPythonSandbox({ idleMs: 200 });
    const loaded = await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        runtime.load(sourceFile('a.py', agentFile('return 1'), { packGuid: `pack-${n}` }), DEFAULT_LIMITS),
      ),
    );
    // The one that read the files, and no more.
    expect(sandboxesOf(process.pid).length).toBeLessThanOrEqual(1);
    for (const [agent] of loaded.slice(0, 5)) expect(await agent?.run(createTestContext(), {})).toBe(1);
    await until(() => sandboxesOf(process.pid).length === 0);
    expect(await loaded[0]?.[0]?.run(createTestContext(), {})).toBe(1);
    await runtime.close();
    await until(() => sandboxesOf(process.pid).length === 0);
  });

  it('never has more than it may, however many users call at once', async () => {
    const runtime = createPythonSandbox({ maxWorkers: 3 });
    const [agent] = await runtime.load(sourceFile('a.py', agentFile('return context.user_guid')), DEFAULT_LIMITS);
    let most = 0;
    const timer = setInterval(() => {
      most = Math.max(most, sandboxesOf(process.pid).length);
    }, 5);
    const users = Array.from({ length: 24 }, (_, n) => `user-${n}`);
    const answers = await Promise.all(users.map((userGuid) => agent?.run(createTestContext({ userGuid }), {})));
    clearInterval(timer);
    expect(answers).toEqual(users);
    // Three, one that reads files, one that is warm, and some that are on their way out.
    expect(most).toBeLessThanOrEqual(8);
    await runtime.close();
  });
});
