// The page that Prometheus reads: strictly parsed, counted as it happened, and bounded whatever names there are.
import { RUN_EVENT_TYPES, type RunEvent } from '@pypes/contract/runs';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createTelemetry, type Telemetry, type TelemetryOptions } from './index.ts';
import { type Family, parseMetrics } from './testing/prometheus.ts';
import { makeRun, spanOf } from './testing/run.ts';

const open: Telemetry[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

function setup(more: Partial<TelemetryOptions> = {}): Telemetry {
  const telemetry = createTelemetry({ serviceName: 'pypes', version: '1', ...more });
  open.push(telemetry);
  return telemetry;
}

const read = async (telemetry: Telemetry) => parseMetrics(await telemetry.metricsText());
const values = (family: Family | undefined): { readonly [labels: string]: number } =>
  Object.fromEntries((family?.samples ?? []).map(({ labels, value }) => [[...labels.values()].join(' '), value]));

describe('metrics', () => {
  it('count runs by how they ended, and how long they took and waited', async () => {
    const telemetry = setup();
    for (const [id, type] of [
      ['a', 'run.finished'],
      ['b', 'run.finished'],
      ['c', 'run.failed'],
      ['d', 'run.canceled'],
    ] as const) {
      const { record, event } = makeRun(id);
      telemetry.observe(record, event('run.started', 0));
      telemetry.observe(record, event(type, 2_000));
    }
    const families = await read(telemetry);
    expect(values(families.get('pypes_runs_total'))).toEqual({ finished: 2, failed: 1, canceled: 1 });
    expect(values(families.get('pypes_runs_started_total'))).toEqual({ '': 4 });
    const took = families.get('pypes_run_duration_seconds')?.samples ?? [];
    const finished = (suffix: string) =>
      took.find(({ name, labels }) => name.endsWith(suffix) && labels.get('status') === 'finished')?.value;
    expect([finished('_sum'), finished('_count')]).toEqual([4, 2]);
    const waited = families.get('pypes_run_queue_seconds')?.samples ?? [];
    expect(waited.find(({ name }) => name.endsWith('_sum'))?.value).toBe(2);
  });

  it('count calls by tool and outcome, and the tokens of models', async () => {
    const telemetry = setup();
    const { record, event } = makeRun();
    const say = (type: RunEvent['event_type'], attrs: RunEvent['attrs']) =>
      telemetry.observe(record, event(type, 1, attrs));
    say('tool.call.started', { tool: 'a' });
    say('tool.call.finished', { tool: 'a', status: 'ok' });
    say('tool.call.finished', { tool: 'a', status: 'error' });
    say('tool.call.blocked', { tool: 'a', status: 'error' });
    say('model.call.finished', {
      tool: 'm',
      status: 'ok',
      model: 'x',
      usage: { prompt_tokens: 3, completion_tokens: 4 },
    });
    say('model.call.finished', { tool: 'm', status: 'ok', model: 'x', usage: { input_tokens: 1, output_tokens: -1 } });
    say('model.call.finished', { tool: 'm', status: 'ok', model: 'x', usage: 'many' });
    const families = await read(telemetry);
    expect(values(families.get('pypes_calls_total'))).toEqual({ 'a ok': 1, 'a error': 1, 'a blocked': 1, 'm ok': 3 });
    expect(values(families.get('pypes_model_tokens_total'))).toEqual({ 'input x': 4, 'output x': 4 });
  });

  it('ask how many runs wait, and leave out who cannot say', async () => {
    let depth = 7;
    const telemetry = setup({ queueDepth: async () => depth, activeRuns: () => 3 });
    const gauge = async (name: string) => (await read(telemetry)).get(name)?.samples[0]?.value;
    expect([await gauge('pypes_queue_depth'), await gauge('pypes_runs_active')]).toEqual([7, 3]);
    depth = 8;
    expect(await gauge('pypes_queue_depth')).toBe(8);
    const failing = setup({
      queueDepth: () => Promise.reject(new Error('The store is away')),
      activeRuns: () => Number.NaN,
    });
    const families = await read(failing);
    expect([families.get('pypes_queue_depth')?.samples, families.get('pypes_runs_active')?.samples]).toEqual([
      undefined,
      undefined,
    ]);
    expect(families.get('target_info')).toBeDefined();
  });

  it('do not wait for a gauge that never says', async () => {
    const telemetry = setup({ queueDepth: () => new Promise<number>(() => undefined), activeRuns: () => 1 });
    expect((await read(telemetry)).get('pypes_runs_active')?.samples).toHaveLength(1);
  });

  it('have a bounded number of series, whatever strangers call their tools and models', async () => {
    const telemetry = setup();
    const { record, event } = makeRun();
    for (let n = 0; n < 5_000; n++) {
      const attrs = { tool: `tool-${n}`, model: `model-${n}`, status: 'ok', usage: { prompt_tokens: 1 } };
      telemetry.observe(record, event('model.call.finished', n, attrs));
    }
    const families = await read(telemetry);
    expect(families.get('pypes_calls_total')?.samples).toHaveLength(201);
    expect(families.get('pypes_model_tokens_total')?.samples).toHaveLength(51);
    const sum = (name: string) => Object.values(values(families.get(name))).reduce((all, each) => all + each, 0);
    expect([sum('pypes_calls_total'), sum('pypes_model_tokens_total')]).toEqual([5_000, 5_000]);
    expect(values(families.get('pypes_calls_total'))['other ok']).toBe(4_800);
  });

  it('stay readable with any name', async () => {
    const telemetry = setup();
    const { record, event } = makeRun();
    const names = [
      '"',
      '\\',
      '\n',
      'a\\"b\nc',
      '{x="y"} 1',
      '\ud800',
      '😀',
      '',
      'x'.repeat(1_000),
      '# TYPE x gauge',
      '\r',
      '\u2028',
    ];
    for (const tool of names) telemetry.observe(record, event('tool.call.finished', 1, { tool, status: 'ok' }));
    const family = (await read(telemetry)).get('pypes_calls_total');
    const tools = family?.samples.map(({ labels }) => labels.get('tool'));
    for (const name of ['"', '\\', '\n', 'a\\"b\nc', '😀']) expect(tools).toContain(name);
    for (const tool of tools ?? []) expect(tool?.length).toBeLessThanOrEqual(64);
  });
});

it('whatever an event says is taken, and never thrown', async () => {
  const telemetry = setup();
  const attrs = fc.dictionary(
    fc.constantFrom('tool', 'model', 'usage', 'error', 'status', 'duration_ms', 'call', 'attempt', 'policy'),
    fc.jsonValue(),
  );
  const events = fc.array(
    fc.record({
      type: fc.constantFrom(...RUN_EVENT_TYPES),
      attrs,
      time: fc.oneof(fc.constant('2026-03-01T10:00:00.000Z'), fc.string()),
      span: fc.nat(3),
      id: fc.constantFrom('a', 'b'),
    }),
  );
  await fc.assert(
    fc.asyncProperty(events, async (given) => {
      for (const { type, attrs: about, time, span, id } of given) {
        const { record, event } = makeRun(id);
        const made = event(type, 0, about as RunEvent['attrs']);
        telemetry.observe(record, { ...made, time, trace: { ...made.trace, span_id: spanOf(span + 1) } });
      }
      parseMetrics(await telemetry.metricsText());
    }),
    { numRuns: 60 },
  );
  const families = await read(telemetry);
  expect(families.get('pypes_telemetry_failures_total')).toBeUndefined();
});
