// The runs of the fake endpoint: every rule of `/v1` in its shortest form.
import { randomUUID } from 'node:crypto';
import type { Args } from './agents.ts';
import { answerJson, type FakeAnswer, type FakeRequest } from './http.ts';
import { callPack, type Pack, Refused, toGuid } from './packs.ts';

type Run = {
  readonly id: string;
  readonly tenant: string;
  readonly request: Args;
  readonly trace: string;
  readonly created: string;
  readonly events: Args[];
  status: string;
  outcome: Args;
  ended: Promise<void>;
};

const EPOCH = '2000-01-01T00:00:00.000Z';
const ZERO = '00000000-0000-4000-8000-000000000000';
const END = /^run\.(finished|failed|canceled)$/;

export function createFakeRuns(packOf: (guid: unknown) => Pack | undefined) {
  const runs = new Map<string, Run>();
  const keys = new Map<string, { readonly id: string; readonly body: string }>();

  async function handle(request: FakeRequest, address: string, queryText: string): Promise<FakeAnswer> {
    const { method, headers } = request;
    const query = new URLSearchParams(queryText);
    if (address === '/openapi.json') {
      return answerJson({ openapi: '3.1.0', paths: { '/v1/runs': {}, '/v1/runs/{id}/events': {} } });
    }
    const tenant = headers['x-tenant-id'] ?? '';
    if (address === '/v1/runs') return method === 'POST' ? create(request, tenant) : answerJson(list(query, tenant));
    if (address === '/v1/eval') return evaluate(read(request.body));
    const [, id = '', what = ''] = /^\/v1\/runs\/([^/]+)(?:\/(.*))?$/.exec(address) ?? [];
    const run = runs.get(id);
    if (run === undefined || run.tenant !== tenant) throw new Refused(404, 'there is no such run');
    if (what === '') return answerJson(view(run));
    if (what === 'events') return page(run, query);
    if (what === 'events/stream') return stream(run, headers['last-event-id']);
    if (what === 'cancel') return cancel(run);
    if (what === 'replay') return answerJson(accept({ ...run.request, ...read(request.body) }, tenant), 202);
    if (what === 'artifact') return query.has('list') ? answerJson(index(run)) : zip(run);
    if (what.startsWith('artifact/')) return file(run, what.slice(9), headers.range);
    throw new Refused(404, 'nothing is here');
  }

  function create({ body, headers }: FakeRequest, tenant: string): FakeAnswer {
    const key = headers['idempotency-key'];
    const known = key === undefined ? undefined : keys.get(key);
    if (known !== undefined && known.body !== body) throw new Refused(409, 'the key is of another request');
    if (known !== undefined) return answerJson(addresses(known.id), 202);
    const trace = /^00-([0-9a-f]{32})-/.exec(headers.traceparent ?? '')?.[1];
    const answer = accept(read(body), tenant, trace);
    if (key !== undefined) keys.set(key, { id: answer.run_id, body });
    return answerJson(answer, 202);
  }

  function accept(request: Args, tenant: string, trace = randomUUID().replaceAll('-', '')) {
    const errors = wrongIn(request);
    if (errors.length > 0) throw new Refused(422, 'another shape', { errors });
    const pack = packOf(request.pack);
    if (pack?.agents.has(String(request.agent)) !== true) throw new Refused(404, 'there is no such agent');
    const id = randomUUID();
    const created = new Date().toISOString();
    const run: Run = {
      id,
      tenant,
      request,
      trace,
      created,
      events: [],
      status: 'queued',
      outcome: {},
      ended: Promise.resolve(),
    };
    runs.set(id, run);
    run.ended = execute(run, pack);
    return addresses(id);
  }

  function list(query: URLSearchParams, tenant: string) {
    const { status, agent, limit = '20', cursor } = Object.fromEntries(query) as { readonly [name: string]: string };
    const isStatus = status === undefined || ['queued', 'running', 'finished', 'failed', 'canceled'].includes(status);
    if (!isStatus || !/^[1-9]\d*$/.test(limit) || (cursor !== undefined && !runs.has(cursor))) {
      throw new Refused(400, 'a wrong query');
    }
    const all = [...runs.values()]
      .reverse()
      .filter(
        (run) =>
          run.tenant === tenant &&
          (status ?? run.status) === run.status &&
          (agent ?? run.request.agent) === run.request.agent,
      );
    const from = cursor === undefined ? 0 : all.findIndex(({ id }) => id === cursor) + 1;
    const some = all.slice(from, from + Number(limit));
    const last = some.at(-1)?.id;
    return { runs: some.map(view), ...(last === undefined ? {} : { next_cursor: last }) };
  }

  async function evaluate({ suite, run_id }: Args): Promise<FakeAnswer> {
    const run = runs.get(String(run_id));
    const [one] = (suite as { readonly cases: readonly Args[] }).cases;
    const pass = JSON.stringify(run?.outcome.result) === JSON.stringify(one?.expect);
    return answerJson({ scorecard: { cases: [{ pass }] }, gate_decision: { decision: pass ? 'pass' : 'fail' } });
  }

  return { handle };
}

function wrongIn({ agent, blueprint, input, mode = 'normal' }: Args): readonly Args[] {
  const errors: Args[] = [];
  if (typeof agent !== 'string' || blueprint !== undefined) errors.push({ path: '/agent', message: 'one of them' });
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    errors.push({ path: '/input', message: 'no object' });
  }
  if (mode !== 'normal' && mode !== 'deterministic') errors.push({ path: '/mode', message: 'unknown' });
  return errors;
}

async function execute(run: Run, pack: Pack): Promise<void> {
  const { agent, input, context } = run.request as {
    readonly agent: string;
    readonly input: Args;
    readonly context?: Args;
  };
  run.status = 'running';
  add(run, 'run.started', 'engine', {});
  try {
    const user = toGuid(context?.user_guid);
    const note = (type: 'log' | 'progress', attrs: Args) => add(run, type, 'tool', attrs);
    const result = await callPack(pack, agent, input, user, note);
    finish(run, 'finished', { result });
  } catch (error) {
    finish(run, 'failed', { error: { type: 'handler_failed', message: (error as Error).message } });
  }
}

function finish(run: Run, status: string, outcome: Args): void {
  if (run.status !== 'running') return;
  run.status = status;
  run.outcome = outcome;
  add(run, `run.${status}`, 'engine', outcome);
}

function add(run: Run, event_type: string, actor: string, attrs: Args): void {
  const seq = run.events.length + 1;
  const trace = { trace_id: run.trace, span_id: run.trace.slice(0, 16) };
  run.events.push({
    seq,
    time: new Date().toISOString(),
    run_id: run.id,
    event_type,
    severity: 'info',
    actor,
    trace,
    attrs,
  });
}

function view(run: Run): Args {
  const ended = END.test(`run.${run.status}`);
  return {
    run_id: run.id,
    status: run.status,
    agent: run.request.agent,
    created_at: run.created,
    started_at: run.created,
    ...(ended ? { finished_at: run.created, ...run.outcome } : {}),
    artifact: {},
  };
}

const addresses = (id: string) => ({
  run_id: id,
  status_url: `/v1/runs/${id}`,
  events_url: `/v1/runs/${id}/events`,
  artifact_url: `/v1/runs/${id}/artifact`,
});

async function page(run: Run, query: URLSearchParams): Promise<FakeAnswer> {
  const { limit = '100', wait = '0', cursor } = Object.fromEntries(query) as { readonly [name: string]: string };
  const isLimit = /^[1-9]\d{0,2}$/.test(limit) && Number(limit) <= 500;
  if (!isLimit || !/^\d+$/.test(wait)) throw new Refused(400, 'a wrong query');
  const after = seqOf(run, cursor);
  if (wait !== '0') await run.ended;
  const events = run.events.slice(after, after + Number(limit));
  const seq = after + events.length;
  const complete = END.test(`run.${run.status}`) && seq === run.events.length;
  return answerJson({ events, next_cursor: `${run.id}.${seq}`, complete });
}

async function stream(run: Run, lastId: string | undefined): Promise<FakeAnswer> {
  await run.ended;
  const events = run.events.slice(seqOf(run, lastId));
  const body = events.map((event) => `id: ${run.id}.${String(event.seq)}\ndata: ${JSON.stringify(event)}\n\n`).join('');
  return { status: 200, headers: { 'content-type': 'text/event-stream' }, body };
}

function seqOf(run: Run, cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const [id, seq] = cursor.split('.');
  if (id !== run.id || !/^\d+$/.test(seq ?? '')) throw new Refused(400, 'no cursor of this run');
  return Number(seq);
}

function cancel(run: Run): FakeAnswer {
  finish(run, 'canceled', {});
  run.ended = Promise.resolve();
  return answerJson(view(run), 202);
}

/** What the bundle has; in deterministic mode with nothing in it that is of this run alone. */
function filesOf(run: Run): { readonly [path: string]: string } {
  const files = {
    'config.snapshot.json': '{}',
    'events.jsonl': run.events.map((event) => `${JSON.stringify(event)}\n`).join(''),
    'run.json': JSON.stringify(view(run)),
    'tool_calls.json': '[]',
  };
  if (run.request.mode !== 'deterministic') return files;
  const fixed = (text: string) =>
    text
      .replaceAll(run.id, ZERO)
      .replaceAll(run.trace, '0')
      .replaceAll(run.trace.slice(0, 16), '0')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, EPOCH);
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path, fixed(text)]));
}

const index = (run: Run) => ({
  files: Object.entries(filesOf(run)).map(([path, text]) => ({ path, bytes: text.length })),
});

/** As much of a zip as can be seen without opening it. */
function zip(run: Run): FakeAnswer {
  const body = `PK\u0003\u0004${JSON.stringify(filesOf(run))}PK\u0005\u0006`;
  return { status: 200, headers: { 'content-type': 'application/zip' }, body };
}

function file(run: Run, path: string, range: string | undefined): FakeAnswer {
  const text = filesOf(run)[path];
  if (text === undefined) throw new Refused(404, 'there is no such file');
  if (range === undefined) return { status: 200, headers: { 'content-type': 'application/json' }, body: text };
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? [];
  const start = first === '' ? text.length - Number(last) : Number(first);
  if (start >= text.length) throw new Refused(416, 'there is no such part');
  const part = text.slice(start, first === '' || last === '' ? undefined : Number(last) + 1);
  return { status: 206, headers: { 'content-type': 'application/json' }, body: part };
}

function read(body: string): Args {
  try {
    const value: unknown = JSON.parse(body === '' ? '{}' : body);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Args;
  } catch {
    throw new Refused(400, 'no JSON');
  }
  throw new Refused(422, 'no object');
}
