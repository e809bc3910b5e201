// A process that accepts, runs and ends runs without stopping, and says what it was answered; its parent kills it.
import { createFilesystemRunStore } from './index.ts';

const [folder = '', from = '0'] = process.argv.slice(2);
const store = createFilesystemRunStore({
  folder,
  segmentBytes: 100_000,
  onError: ({ level, message }) => process.stderr.write(`${level}: ${message}\n`),
});
const say = (line: string) => process.stdout.write(`${line}\n`);

async function work(number: number): Promise<void> {
  const run_id = `run-${String(number).padStart(6, '0')}`;
  const trace = { trace_id: 'a'.repeat(32), span_id: 'b'.repeat(16) };
  const request = { agent: 'a', input: { text: 'ü'.repeat((number * 37) % 900) } };
  const times = { created_at: '2026-03-01T11:00:00.000Z' };
  const rest = { status: 'queued', version: 1, attempt: 0, request, request_digest: 'd', trace, ...times } as const;
  await store.create({ run_id, tenant: '', idempotency_key: `k${number}`, ...rest });
  say(`created ${number}`);
  const run = await store.take({ tenant: '', run_id }, 'w', { now: Date.now(), leaseMs: 60_000 });
  if (run === undefined) throw new Error(`${run_id} was not given`);
  let seq = 0;
  for (let round = 0; round < number % 7; round++) {
    const lines = Array.from({ length: 1 + (number % 4) }, () => JSON.stringify({ seq: ++seq, number }));
    const first = seq - lines.length + 1;
    if (!(await store.append({ tenant: '', run_id, attempt: 1 }, 'events', { first, lines }))) throw new Error(run_id);
    say(`events ${number} ${seq}`);
  }
  const end = { ...run, version: run.version + 1, status: 'finished', result: number } as const;
  const last = { first: seq + 1, lines: [JSON.stringify({ seq: seq + 1, number, end: true })] };
  if (!(await store.update(run, end, last))) throw new Error(`${run_id} was ended by somebody else`);
  say(`finished ${number} ${seq + 1}`);
}

let number = Number(from);
await Promise.all(
  Array.from({ length: 8 }, async () => {
    for (;;) await work(number++);
  }),
);
