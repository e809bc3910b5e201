// Traces as a collector gets them: real requests to a server of this machine, decoded, and what it must not see.
import { afterEach, describe, expect, it } from 'vitest';
import { createTelemetry, type TelemetryTrouble } from './index.ts';
import { plain, startCollector, type WireSpan } from './testing/collector.ts';
import { parseMetrics } from './testing/prometheus.ts';
import { at, CALLER, makeRun, spanOf, TRACE } from './testing/run.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function setup(
  answer: number | 'never' = 200,
  more: { readonly traces?: boolean; readonly metrics?: boolean } = {},
) {
  const collector = await startCollector(answer);
  open.push(collector);
  const troubles: TelemetryTrouble[] = [];
  const firstTrouble = Promise.withResolvers<void>();
  const telemetry = createTelemetry({
    serviceName: 'pypes-test',
    version: '1.2.3',
    otlpEndpoint: `${collector.url}/`,
    headers: { 'x-key': 'k' },
    onTrouble: (trouble) => {
      troubles.push(trouble);
      firstTrouble.resolve();
    },
    ...more,
  });
  open.push(telemetry);
  return { collector, telemetry, troubles, firstTrouble: firstTrouble.promise };
}

const named = (spans: readonly WireSpan[], name: string): WireSpan => {
  const found = spans.find((span) => span.name === name);
  if (found === undefined) throw new Error(`No span "${name}" among ${spans.map((span) => span.name).join(', ')}`);
  return found;
};
const nanos = (ms: number) => `${Date.parse(at(ms))}000000`;

describe('a run', () => {
  it('is one trace, with the ids, parents, times and states of its events', async () => {
    const { collector, telemetry } = await setup();
    const { record, event } = makeRun();
    const say = (...given: Parameters<typeof event>) => telemetry.observe(record, event(...given));
    say('run.started', 0, { attempt: 1 });
    say(
      'tool.call.started',
      10,
      { call: 1, tool: 'fetch-news', from: 'brief', kind: 'agent', args_bytes: 2 },
      { n: 2 },
    );
    say('model.call.started', 20, { call: 2, tool: 'context.ai.complete', model: 'small' }, { n: 3, parent: 2 });
    say('log', 25, { agent: 'fetch-news', message: 'sesame-42', data: { a: 'sesame-42' } }, { n: 3, parent: 2 });
    say(
      'model.call.finished',
      30,
      {
        call: 2,
        tool: 'context.ai.complete',
        status: 'ok',
        model: 'small-1',
        finish_reason: 'stop',
        usage: { prompt_tokens: 7, completion_tokens: 5 },
      },
      { n: 3, parent: 2 },
    );
    say(
      'tool.call.finished',
      40,
      { call: 1, tool: 'fetch-news', status: 'error', error: { type: 'timeout', message: 'sesame-42' } },
      { n: 2 },
    );
    say('tool.call.started', 50, { call: 3, tool: 'send-mail' }, { n: 4 });
    say(
      'tool.call.blocked',
      60,
      { call: 3, tool: 'send-mail', status: 'error', error: { type: 'policy_denied', message: 'sesame-42' } },
      { n: 4 },
    );
    say(
      'policy.violation',
      60,
      { call: 3, policy: 'labels', error: { type: 'policy_denied', message: 'sesame-42' } },
      { n: 4 },
    );
    say('run.failed', 70, { attempt: 1, error: { type: 'handler_failed', message: 'sesame-42' } });
    await telemetry.close();

    const spans = collector.spans();
    expect(spans).toHaveLength(4);
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([TRACE]));
    const place = ({
      spanId,
      parentSpanId,
      startTimeUnixNano: start,
      endTimeUnixNano: end,
      status,
      kind,
    }: WireSpan) => [spanId, parentSpanId, start, end, status.code, status.message, kind];
    expect(place(named(spans, 'invoke_agent brief'))).toEqual([
      spanOf(1),
      CALLER,
      nanos(0),
      nanos(70),
      2,
      'handler_failed',
      1,
    ]);
    expect(place(named(spans, 'execute_tool fetch-news'))).toEqual([
      spanOf(2),
      spanOf(1),
      nanos(10),
      nanos(40),
      2,
      'timeout',
      1,
    ]);
    expect(place(named(spans, 'chat small'))).toEqual([spanOf(3), spanOf(2), nanos(20), nanos(30), 0, undefined, 3]);
    expect(place(named(spans, 'execute_tool send-mail'))).toEqual([
      spanOf(4),
      spanOf(1),
      nanos(50),
      nanos(60),
      2,
      'policy_denied',
      1,
    ]);

    expect(plain(named(spans, 'chat small').attributes)).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'small',
      'gen_ai.response.model': 'small-1',
      'gen_ai.usage.input_tokens': 7,
      'gen_ai.usage.output_tokens': 5,
      'gen_ai.response.finish_reasons': ['stop'],
    });
    expect(plain(named(spans, 'invoke_agent brief').attributes)).toMatchObject({
      'gen_ai.agent.name': 'brief',
      'pypes.run.id': 'run-1',
      'pypes.run.status': 'failed',
      'pypes.tenant': 'acme',
      'error.type': 'handler_failed',
    });
    // Why it was stopped came after its end, and belongs to it.
    const [refusal] = named(spans, 'execute_tool send-mail').events;
    expect([refusal?.name, plain(refusal?.attributes ?? [])['pypes.policy']]).toEqual(['policy.violation', 'labels']);
    expect(named(spans, 'chat small').events.map(({ name }) => name)).toEqual(['log']);
  });

  it('sends what it is and who asked, and nothing that anybody said', async () => {
    const { collector, telemetry } = await setup();
    const { record, event } = makeRun();
    telemetry.observe(record, event('run.started', 0));
    telemetry.observe(record, event('log', 1, { agent: 'a', message: 'sesame-42', data: 'sesame-42' }));
    telemetry.observe(record, event('progress', 2, { agent: 'a', fraction: 0.5, message: 'sesame-42' }));
    telemetry.observe(record, event('run.finished', 3));
    await telemetry.close();
    const [traces, metrics] = ['/v1/traces', '/v1/metrics'].map((path) =>
      collector.received.find((each) => each.path === path),
    );
    for (const each of [traces, metrics]) {
      expect([each?.type, each?.headers['x-key']]).toEqual(['application/json', 'k']);
      expect(JSON.stringify(each?.body)).toContain('pypes-test');
      expect(JSON.stringify(each?.body)).not.toContain('sesame-42');
    }
  });

  it('that another process began has a span from its record, and its calls are known by their ends', async () => {
    const { collector, telemetry } = await setup();
    const { record, event } = makeRun('run-2', { attempt: 2 });
    telemetry.observe(record, event('tool.call.finished', 100, { tool: 't', status: 'ok', duration_ms: 40 }, { n: 2 }));
    telemetry.observe(record, event('run.finished', 110, { attempt: 2 }));
    await telemetry.close();
    const spans = collector.spans();
    expect(named(spans, 'execute_tool t').startTimeUnixNano).toBe(nanos(60));
    expect(named(spans, 'invoke_agent brief').startTimeUnixNano).toBe(nanos(0));
  });

  it('that was canceled before it began, or left calls behind, ends all its spans', async () => {
    const { collector, telemetry } = await setup();
    const { started_at: _, ...waiting } = makeRun('run-3').record;
    telemetry.observe(waiting, makeRun('run-3').event('run.canceled', 5));
    const { record, event } = makeRun('run-4', { trace: { trace_id: 'f'.repeat(32), span_id: spanOf(9) } });
    telemetry.observe(record, event('run.started', 0));
    telemetry.observe(record, event('tool.call.started', 1, { tool: 'left' }, { n: 2, parent: 9 }));
    telemetry.observe(record, event('run.finished', 2));
    await telemetry.close();
    const spans = collector.spans();
    expect(spans.filter(({ name }) => name === 'invoke_agent brief')).toHaveLength(2);
    expect(named(spans, 'execute_tool left').status).toMatchObject({ code: 2, message: 'canceled' });
    // A run that nobody from outside asked for has no parent.
    expect(spans.find(({ spanId }) => spanId === spanOf(9))?.parentSpanId ?? '').toBe('');
  });

  it('is sent only where that is wanted', async () => {
    const { collector, telemetry } = await setup(200, { traces: false });
    const { record, event } = makeRun();
    telemetry.observe(record, event('run.finished', 1));
    await telemetry.close();
    expect(new Set(collector.received.map(({ path }) => path))).toEqual(new Set(['/v1/metrics']));
  });
});

describe('a collector', () => {
  it('that never answers holds up neither a run nor the end, and its connections are ended', async () => {
    const { collector, telemetry } = await setup('never');
    for (let n = 0; n < 3_000; n++) {
      const { record, event } = makeRun(`run-${n}`);
      telemetry.observe(record, event('run.finished', 1));
    }
    await collector.until(() => collector.received.length > 0);
    await telemetry.close();
    await collector.until(() => collector.sockets.size === 0);
    await expect(telemetry.metricsText()).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('that refuses is told of once, and counted', async () => {
    const { collector, telemetry, troubles, firstTrouble } = await setup(400, { metrics: false });
    const finish = (id: string) => {
      const { record, event } = makeRun(id);
      telemetry.observe(record, event('run.finished', 1));
    };
    finish('a');
    await firstTrouble;
    finish('b');
    await collector.until(() => collector.received.length === 2);
    const failures = async () =>
      parseMetrics(await telemetry.metricsText())
        .get('pypes_telemetry_failures_total')
        ?.samples.map(({ labels, value }) => [labels.get('what'), value]);
    await expect.poll(failures).toEqual([['traces', 2]]);
    expect(troubles.map(({ what }) => what)).toEqual(['traces']);
  });

  it('that is not there is told of once', async () => {
    const { collector, telemetry, troubles } = await setup();
    await collector.close();
    open.splice(open.indexOf(collector), 1);
    const { record, event } = makeRun();
    telemetry.observe(record, event('run.finished', 1));
    await telemetry.close();
    await expect.poll(() => troubles.map(({ what }) => what).sort()).toEqual(['metrics', 'traces']);
  });

  it('gets so many spans, and the rest is dropped and counted', async () => {
    const { telemetry, troubles } = await setup('never', { metrics: false });
    for (let n = 0; n < 20_000; n++) {
      const { record, event } = makeRun(`run-${n}`);
      telemetry.observe(record, event('run.finished', 1));
    }
    const [sample] = parseMetrics(await telemetry.metricsText()).get('pypes_telemetry_failures_total')?.samples ?? [];
    expect(sample?.labels.get('what')).toBe('dropped');
    expect(sample?.value).toBeGreaterThanOrEqual(20_000 - 8_192 - 2 * 512);
    expect(troubles.map(({ what }) => what)).toEqual(['dropped']);
  });
});
