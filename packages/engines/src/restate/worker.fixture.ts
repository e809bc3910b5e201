// A worker as a process of its own, to be killed. A run's id says what it does: `…-200` takes 200 ms, `fail-…` rejects when
// it is executed for the first time here, `die-…` kills its worker, the first one, when it has ended but not answered yet.
// node worker.fixture.ts FILE OPTIONS: writes what it executes to FILE, one JSON text a line.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRestateEngine } from './index.ts';

const [, , file = '', options = '{}'] = process.argv;
const note = (what: string, run_id: string) =>
  appendFileSync(file, `${JSON.stringify({ what, run_id, pid: process.pid, at: performance.timeOrigin + performance.now() })}\n`);
const times = (what: string, run_id: string) => readFileSync(file, 'utf8').split(`"${what}","run_id":"${run_id}"`).length - 1;
const engine = createRestateEngine(JSON.parse(options));

await engine.work(async ({ run_id }, signal) => {
  note('begin', run_id);
  try {
    await sleep(Number(run_id.split('-').at(-1)), undefined, { signal });
  } catch {
    note(String(signal.reason.code), run_id);
    if (signal.reason.code !== 'canceled') throw signal.reason;
  }
  if (run_id.startsWith('fail-') && times('begin', run_id) === 1) throw new Error('As it was asked to');
  note('end', run_id);
  // Once for all workers of a test process: Restate may hand it on again much later, to the workers of another test.
  const mark = join(tmpdir(), `pypes-${run_id}-${process.ppid}`);
  if (run_id.startsWith('die-') && !existsSync(mark)) {
    writeFileSync(mark, '');
    process.kill(process.pid, 'SIGKILL');
  }
});
process.once('SIGTERM', () => engine.close().then(() => process.exit(0)));
// Ends with whoever started it.
process.stdin.resume().once('end', () => process.exit(0));
process.stdout.write('working\n');
