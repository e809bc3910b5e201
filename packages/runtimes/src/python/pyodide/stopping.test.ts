// What ends a sandbox: its host, however that one ends, and the time it was not needed.
import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEFAULT_LIMITS } from '@pypes/contract';
import { expect, it } from 'vitest';
import { createTestContext } from '../../testing/context.ts';
import { sourceFile } from '../../testing/source-file.ts';
import { agentFile, until } from '../testing.ts';
import { createPyodideRuntime } from './pyodide.ts';
import { describePyodide } from './testing.ts';

describePyodide('stopping', () => {
  it('a sandbox in an endless loop ends with a host that is killed', async () => {
    const script = fileURLToPath(new URL('./killed-host.fixture.ts', import.meta.url));
    const host = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => host.stdout.once('data', resolve));
    expect(countSandboxes(host.pid)).toBeGreaterThan(0);
    host.kill('SIGKILL');
    await until(() => countSandboxes(host.pid) === 0);
    // What a killed host leaves on the disk is removed by a later one: here at once.
    for (const name of readdirSync(tmpdir())) {
      if (name.startsWith(`pypes-python-${host.pid}-`)) rmSync(join(tmpdir(), name), { recursive: true });
    }
  });

  it('a sandbox that nobody needs ends', async () => {
    const runtime = createPyodideRuntime({ idleMs: 100 });
    const [agent] = await runtime.load(sourceFile('a.py', agentFile('return 1')), DEFAULT_LIMITS);
    expect(await agent?.run(createTestContext(), {})).toBe(1);
    await until(() => countSandboxes(process.pid) === 0);
    await runtime.close();
  });
});

/** The processes that listen in a private folder of this host. */
function countSandboxes(host: number | undefined): number {
  const lines = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.includes(`/pypes-python-${host}-`)).length;
}
