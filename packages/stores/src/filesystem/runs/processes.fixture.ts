// A process with a run of its own in a folder: it appends an event now and then, until it is told to end or is killed.
import { createFilesystemRunStore } from './index.ts';

const [folder = '', id = ''] = process.argv.slice(2);
const store = createFilesystemRunStore({ folder });
const trace = { trace_id: 'a'.repeat(32), span_id: 'b'.repeat(16) };
const request = { agent: 'a', input: {} };
const rest = { request, request_digest: 'd', trace, created_at: '2026-03-01T11:00:00.000Z' };
const made = { run_id: id, tenant: '', status: 'queued', version: 1, attempt: 0, ...rest } as const;
await store.create({ ...made, idempotency_key: `key of ${id}` });
await store.create({ ...made, run_id: `${id}-waits` });
const run = await store.take({ tenant: '', run_id: id }, `worker of ${id}`, { now: Date.now(), leaseMs: 600_000 });
process.stdout.write('ready\n');

let seq = 0;
for (;;) {
  const lines = [JSON.stringify({ seq: seq + 1 })];
  await store.append({ tenant: '', run_id: id, attempt: run?.attempt ?? 0 }, 'events', { first: seq + 1, lines });
  seq += 1;
  const { canceled } = await store.renew(`worker of ${id}`, [{ tenant: '', run_id: id }], Date.now() + 600_000);
  if (canceled.length > 0) process.stdout.write('asked to cancel\n');
  await new Promise((resolve) => setTimeout(resolve, 20));
}
