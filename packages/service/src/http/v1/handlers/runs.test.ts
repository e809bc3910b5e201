// Runs over HTTP: accepted once, listed in pages, canceled, repeated, evaluated.
import { describe, expect, test } from 'vitest';
import { type Answer, setup } from '../testing/setup.ts';

const RUN = { agent: 'echo', input: { text: 'hi' } };
const codeOf = ({ status, json }: Answer) => [status, json.error.type];

const REF = { tenant: '', run_id: 'run-000001' };

describe('runs', () => {
  test('are accepted with their addresses, which lead to them', async () => {
    const { send } = setup();
    const { status, json, headers } = await send('POST', '/v1/runs', {
      body: { ...RUN, metadata: { a: 1 }, mode: 'deterministic' },
    });
    expect([status, json]).toEqual([
      202,
      {
        run_id: 'run-000001',
        status_url: '/v1/runs/run-000001',
        events_url: '/v1/runs/run-000001/events',
        artifact_url: '/v1/runs/run-000001/artifact',
      },
    ]);
    expect(headers.get('location')).toBe(json.status_url);
    expect((await send('GET', json.status_url)).json).toMatchObject({
      run_id: 'run-000001',
      mode: 'deterministic',
      metadata: { a: 1 },
    });
    expect((await send('GET', json.events_url)).json.events).toHaveLength(1);
    expect((await send('GET', json.artifact_url)).text).toBe('PK-not-really');
  });

  test('are one for one Idempotency-Key and request', async () => {
    const { send } = setup();
    const headers = { 'idempotency-key': 'k-1' };
    const first = await send('POST', '/v1/runs', { body: RUN, headers });
    expect((await send('POST', '/v1/runs', { body: RUN, headers })).json).toEqual(first.json);
    expect(codeOf(await send('POST', '/v1/runs', { body: { agent: 'echo', input: {} }, headers }))).toEqual([
      409,
      'conflict',
    ]);
    for (const key of ['', 'with space', 'x'.repeat(256)]) {
      const answer = await send('POST', '/v1/runs', { body: RUN, headers: { 'idempotency-key': key } });
      expect(codeOf(answer)).toEqual([400, 'invalid_request']);
    }
  });

  test('take part in a trace, and leave out what is none', async () => {
    const { send } = setup();
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const traceOf = async (traceparent: string) => {
      const { json } = await send('POST', '/v1/runs', { body: RUN, headers: { traceparent } });
      return (await send('GET', json.status_url)).json.trace_id;
    };
    expect(await traceOf(`00-${trace}-00f067aa0ba902b7-01`)).toBe(trace);
    for (const wrong of [`00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, `ff-${trace}-00f067aa0ba902b7-01`, 'x']) {
      expect(await traceOf(wrong)).not.toBe(trace);
    }
  });

  test('are listed newest first, page by page, without results', async () => {
    const { send, fake } = setup();
    for (let count = 0; count < 5; count++)
      await fake.create({ agent: count % 2 === 0 ? 'a' : 'b', input: {} }, { tenant: '' });
    fake.emit(REF, 'run.finished', { answer: 42 });
    const pages: string[][] = [];
    for (let cursor = ''; ; ) {
      const { json } = await send('GET', `/v1/runs?limit=2${cursor}`);
      pages.push(json.runs.map((run: { readonly run_id: string }) => run.run_id.slice(-1)));
      if (json.next_cursor === undefined) break;
      cursor = `&cursor=${json.next_cursor}`;
    }
    expect(pages).toEqual([['5', '4'], ['3', '2'], ['1']]);
    const finished = (await send('GET', '/v1/runs?status=finished&agent=a&limit=1')).json;
    expect(finished).toEqual({ runs: [expect.not.objectContaining({ result: expect.anything() })] });
    expect((await send('GET', '/v1/runs/run-000001')).json.result).toEqual({ answer: 42 });
  });

  test('are canceled, and repeated', async () => {
    const { send } = setup();
    await send('POST', '/v1/runs', { body: RUN });
    expect(codeOf(await send('POST', '/v1/runs/run-000001/replay', { body: {} }))).toEqual([409, 'conflict']);
    const canceled = await send('POST', '/v1/runs/run-000001/cancel');
    expect([canceled.status, canceled.json.status]).toEqual([202, 'canceled']);
    expect((await send('POST', '/v1/runs/run-000001/cancel')).status).toBe(202);
    for (const sent of [{}, { body: {} }, { body: { input: { text: 'new' }, recorded_calls: true } }]) {
      const { status, json } = await send('POST', '/v1/runs/run-000001/replay', sent);
      expect(status).toBe(202);
      expect((await send('GET', json.status_url)).json.replay_of).toBe('run-000001');
    }
  });

  test('are evaluated for their tenant', async () => {
    const asked: unknown[] = [];
    const { send } = setup({
      evaluate: async (request, { tenant }) => {
        asked.push([request, tenant]);
        return { scorecard: { average_score: 1 }, gate_decision: { decision: 'pass' } };
      },
    });
    const body = { suite: { name: 's', cases: [] }, run_id: 'run-000001' };
    const { json } = await send('POST', '/v1/eval', { body, headers: { 'x-tenant-id': 'acme' } });
    expect(json).toEqual({ scorecard: { average_score: 1 }, gate_decision: { decision: 'pass' } });
    expect(asked).toEqual([[body, 'acme']]);
  });
});
