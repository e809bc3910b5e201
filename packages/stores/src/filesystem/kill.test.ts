// kill -9 at random moments: every object whole, every index readable, secrets of one replacement, nothing piled up.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { GUID, textOf } from '../testing/suites.ts';
import { createFilesystemObjectStore, createFilesystemSecretStore } from './index.ts';

const FIXTURE = join(import.meta.dirname, 'kill.fixture.ts');
const KILLS = 40;

it(`survives ${KILLS} times kill -9 in the middle of changes`, async () => {
  const root = mkdtempSync(join(tmpdir(), 'pypes-kill-'));
  const scope = { packGuid: GUID };
  let done = -1;
  try {
    for (let kills = 0; kills < KILLS; kills++) {
      done = Math.max(done, await runAndKill(root, done + 1));
      const objects = createFilesystemObjectStore(root);
      for (const { name } of await objects.list(scope)) {
        const found = await objects.get(scope, name);
        const marks = new Set(
          textOf(found?.bytes ?? new Uint8Array())
            .trim()
            .split(' '),
        );
        expect(marks.size).toBe(1);
        if (name === 'one') expect(Number([...marks][0])).toBeGreaterThanOrEqual(done);
      }
      const secrets = await createFilesystemSecretStore(root).list();
      expect(new Set(secrets.map(({ key_id }) => key_id)).size).toBe(done < 0 ? secrets.length && 1 : 1);
      if (done >= 0) expect(Number(secrets[0]?.key_id)).toBeGreaterThanOrEqual(done);
    }
    expect(done).toBeGreaterThan(0);
    const objects = createFilesystemObjectStore(root);
    await objects.put(scope, { name: 'last', contentType: 'text/plain', bytes: new Uint8Array(1) });
    const digests = new Set((await objects.list(scope)).map(({ digest }) => digest));
    expect(readdirSync(join(root, 'objects', GUID, 'shared', 'blobs'))).toHaveLength(digests.size);
    expect(readdirSync(join(root, 'objects', GUID, 'shared')).sort()).toEqual(['blobs', 'index.json']);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}, 120_000);

/** The last mark that the process said was done. */
function runAndKill(root: string, from: number): Promise<number> {
  const child = spawn(process.execPath, [FIXTURE, root, String(from)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
  });
  child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), Math.random() * 60));
  return new Promise((ended) => {
    child.once('exit', () => ended(Number(said.split('\n').at(-2) ?? -1)));
  });
}
