// Runs as tests make them.
import type { RunLines, RunRecord, RunStore } from '@pypes/contract/runs';

export type OpenRunStore = () => Promise<RunStore>;

/** Later than whatever a test does. */
export const NOW = Date.parse('2026-03-01T12:00:00.000Z');

/** A run that was just accepted; its id sorts by `number`. */
export function newRun(number: number, more: Partial<RunRecord> = {}): RunRecord {
  return {
    run_id: `run-${String(number).padStart(6, '0')}`,
    tenant: '',
    status: 'queued',
    version: 1,
    attempt: 0,
    request: { agent: 'echo', input: { text: 'ü \u2028 "x"' } },
    request_digest: `sha256:${'0'.repeat(64)}`,
    trace: { trace_id: 'a'.repeat(32), span_id: 'b'.repeat(16) },
    created_at: '2026-03-01T11:00:00.000Z',
    ...more,
  };
}

/** Events with these numbers, as one would append them. */
export function linesOf(first: number, count: number, text = ''): RunLines {
  return { first, lines: Array.from({ length: count }, (_, index) => JSON.stringify({ seq: first + index, text })) };
}

/** The next version. */
export function next(record: RunRecord, more: Partial<RunRecord>): RunRecord {
  return { ...record, version: record.version + 1, ...more };
}

/** The run as it ends well. */
export function finished(record: RunRecord, more: Partial<RunRecord> = {}): RunRecord {
  return next(record, { status: 'finished', finished_at: '2026-03-01T12:00:01.000Z', result: { ok: true }, ...more });
}

/** Adds a run and gives it to `worker`. */
export async function startRun(store: RunStore, number: number, more: Partial<RunRecord> = {}): Promise<RunRecord> {
  const { record } = await store.create(newRun(number, more));
  const taken = await store.take(record, 'worker', { now: NOW, leaseMs: 30_000 });
  if (taken === undefined) throw new Error(`The run ${record.run_id} could not be taken`);
  return taken;
}

/** All lines of a stream, page by page. */
export async function readAll(store: RunStore, record: RunRecord, page = 500): Promise<readonly string[]> {
  const all: string[] = [];
  for (;;) {
    const lines = await store.read(record, 'events', all.length, page);
    if (lines.length === 0) return all;
    all.push(...lines);
  }
}
