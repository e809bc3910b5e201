// A run library in memory whose runs do what a test says, and which counts what is read from it.

import { canonicalJson, isJsonObject, type Json, type JsonObject, PypesError } from '@pypes/contract';
import {
  isTerminal,
  parseEventCursor,
  type RunEventType,
  type RunRecord,
  type RunRef,
  toEventCursor,
} from '@pypes/contract/runs';
import type { RunsDoor } from '../door.ts';

type File = { readonly bytes: Uint8Array; readonly digest: string; readonly mediaType: string };
type FakeRun = {
  record: RunRecord;
  readonly lines: string[];
  readonly files: Map<string, File>;
  readonly waiting: Set<() => void>;
};

/** The door and its strings. */
export type FakeRuns = RunsDoor & {
  /** Appends an event; a terminal one ends the run. */
  emit(ref: RunRef, type: RunEventType, attrs?: JsonObject): void;
  /** Appends a line as it is. */
  line(ref: RunRef, text: string): void;
  put(ref: RunRef, path: string, text: string, mediaType: string): Promise<void>;
  /** What everything throws from now on; undefined: nothing. */
  failure: unknown;
  /** Calls by name, and lines handed out. */
  readonly calls: { [name: string]: number };
  linesRead: number;
  /** Long polls under way. */
  waiting: number;
};

const AT = '2026-01-02T03:04:05.678Z';

export function createFakeRuns(): FakeRuns {
  const runs = new Map<string, FakeRun>();
  const byKey = new Map<string, RunRecord>();
  let count = 0;

  const fake: FakeRuns = {
    failure: undefined,
    calls: {},
    linesRead: 0,
    waiting: 0,

    async create(request, { tenant, idempotencyKey, traceparent }) {
      enter('create');
      if (request.agent === 'nobody') throw new PypesError('unknown_agent', 'unknown agent: nobody');
      const key = JSON.stringify([tenant, idempotencyKey]);
      const same = idempotencyKey === undefined ? undefined : byKey.get(key);
      if (same !== undefined && canonicalJson(same.request as unknown as Json) !== canonicalJson(request)) {
        throw new PypesError('conflict', 'The key was used for another request');
      }
      if (same !== undefined) return same;
      count += 1;
      const record: RunRecord = {
        run_id: `run-${String(count).padStart(6, '0')}`,
        tenant,
        status: 'running',
        version: 1,
        attempt: 1,
        request: request as unknown as RunRecord['request'],
        request_digest: `sha256:${'0'.repeat(64)}`,
        trace: { trace_id: traceparent?.slice(3, 35) ?? 'a'.repeat(32), span_id: 'b'.repeat(16) },
        created_at: AT,
        ...(idempotencyKey === undefined ? {} : { idempotency_key: idempotencyKey }),
      };
      runs.set(keyOf(record), { record, lines: [], files: new Map(), waiting: new Set() });
      if (idempotencyKey !== undefined) byKey.set(key, record);
      fake.emit(record, 'run.started');
      return record;
    },
    async get(ref) {
      enter('get');
      return find(ref).record;
    },
    async list(tenant, { limit, before, status, agent }) {
      enter('list');
      if (limit < 1 || limit > 500) throw new PypesError('invalid_request', 'limit');
      return [...runs.values()]
        .map(({ record }) => record)
        .filter((record) => record.tenant === tenant && (before === undefined || record.run_id < before))
        .filter(
          (record) =>
            (status ?? record.status) === record.status && (agent ?? record.request.agent) === record.request.agent,
        )
        .sort((a, b) => (a.run_id < b.run_id ? 1 : -1))
        .slice(0, limit);
    },
    async events(ref, { cursor, limit, waitMs, signal }) {
      enter('events');
      const run = find(ref);
      const after = cursor === undefined ? 0 : parseEventCursor(ref.run_id, cursor);
      if (run.lines.length <= after && waitMs > 0 && !isTerminal(run.record.status)) await wait(run, waitMs, signal);
      const lines = run.lines.slice(after, after + limit);
      fake.linesRead += lines.length;
      const seq = after + lines.length;
      const complete = isTerminal(run.record.status) && seq >= run.lines.length;
      return { lines, nextCursor: toEventCursor(ref.run_id, seq), complete };
    },
    async cancel(ref) {
      enter('cancel');
      const run = find(ref);
      if (!isTerminal(run.record.status)) fake.emit(ref, 'run.canceled');
      return run.record;
    },
    async replay(ref, { input, recordedCalls, ...asked }) {
      enter('replay');
      const { record } = find(ref);
      if (!isTerminal(record.status)) throw new PypesError('conflict', 'The run has not ended');
      const request = { ...record.request, ...(input === undefined ? {} : { input }) } as unknown as JsonObject;
      const again = await fake.create(request, { ...asked, tenant: ref.tenant });
      const run = find(again);
      run.record = { ...run.record, replay_of: { run_id: ref.run_id, recorded_calls: recordedCalls } };
      return run.record;
    },
    async artifacts(ref) {
      enter('artifacts');
      return [...find(ref).files].map(([path, { bytes, digest, mediaType }]) => ({
        path,
        bytes: bytes.length,
        digest,
        media_type: mediaType,
      }));
    },
    async artifact(ref, path, range) {
      enter('artifact');
      const file = find(ref).files.get(path);
      if (file === undefined) throw new PypesError('not_found', `no file ${path}`);
      const entry = { path, bytes: file.bytes.length, digest: file.digest, media_type: file.mediaType };
      return { entry, body: pieces(file.bytes.subarray(range?.start ?? 0, range?.end)) };
    },
    async bundle(ref) {
      enter('bundle');
      find(ref);
      return pieces(new TextEncoder().encode('PK-not-really'));
    },

    emit(ref, type, attrs = {}) {
      const run = find(ref);
      const { trace, run_id } = run.record;
      const event = {
        seq: run.lines.length + 1,
        time: AT,
        run_id,
        event_type: type,
        severity: 'info',
        actor: 'engine',
        trace,
        attrs,
      };
      const [, ended] = /^run\.(finished|failed|canceled)$/.exec(type) ?? [];
      if (ended !== undefined) {
        run.record = {
          ...run.record,
          status: ended as RunRecord['status'],
          finished_at: AT,
          ...(ended === 'finished' ? { result: isJsonObject(attrs) ? attrs : null } : {}),
        };
      }
      fake.line(ref, JSON.stringify(event));
    },
    line(ref, text) {
      const run = find(ref);
      run.lines.push(text);
      for (const wake of run.waiting) wake();
    },
    async put(ref, path, text, mediaType) {
      const bytes = new TextEncoder().encode(text);
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
      const digest = `sha256:${Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
      find(ref).files.set(path, { bytes, digest, mediaType });
    },
  };
  return fake;

  function enter(name: string): void {
    fake.calls[name] = (fake.calls[name] ?? 0) + 1;
    if (fake.failure !== undefined) throw fake.failure;
  }

  function find(ref: RunRef): FakeRun {
    const run = runs.get(keyOf(ref));
    if (run === undefined) throw new PypesError('not_found', `${ref.tenant} has no ${ref.run_id}, says the library`);
    return run;
  }

  function wait(run: FakeRun, waitMs: number, signal: AbortSignal | undefined): Promise<void> {
    fake.waiting += 1;
    return new Promise((resolve) => {
      const wake = () => {
        fake.waiting -= 1;
        clearTimeout(timer);
        run.waiting.delete(wake);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, waitMs);
      run.waiting.add(wake);
      signal?.addEventListener('abort', wake);
    });
  }
}

function keyOf({ tenant, run_id }: RunRef): string {
  return `${tenant}/${run_id}`;
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
}
