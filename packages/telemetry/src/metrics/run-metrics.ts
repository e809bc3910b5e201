// Metrics of runs, counted from their events: how many, how long, what they called, and what models read and wrote.
import type { Meter } from '@opentelemetry/api';
import type { RunEvent, RunRecord } from '@pypes/contract/runs';
import { numberOf, textOf, tokensOf } from '../spans/facts.ts';
import { createCapped } from './capped.ts';

/** What metrics ask for. */
export type Gauges = {
  readonly queueDepth?: () => number | Promise<number>;
  readonly activeRuns?: () => number;
};

/** Counts. */
export interface RunMetrics {
  observe(record: RunRecord, event: RunEvent): void;
  /** Something could not be told. */
  trouble(what: string): void;
}

const MOST_TOOLS = 200;
const MOST_MODELS = 50;
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600];
const ENDS: { readonly [type: string]: string } = {
  'run.finished': 'finished',
  'run.failed': 'failed',
  'run.canceled': 'canceled',
};

export function createRunMetrics(meter: Meter, { queueDepth, activeRuns }: Gauges): RunMetrics {
  const toolOf = createCapped(MOST_TOOLS);
  const modelOf = createCapped(MOST_MODELS);
  const runs = meter.createCounter('pypes_runs', { description: 'Runs that have ended' });
  const started = meter.createCounter('pypes_runs_started', { description: 'Runs that have begun' });
  const duration = meter.createHistogram('pypes_run_duration_seconds', {
    description: 'Seconds from the beginning of a run to its end',
    unit: 's',
    advice: { explicitBucketBoundaries: SECONDS },
  });
  const queued = meter.createHistogram('pypes_run_queue_seconds', {
    description: 'Seconds from the acceptance of a run to its beginning',
    unit: 's',
    advice: { explicitBucketBoundaries: SECONDS },
  });
  const calls = meter.createCounter('pypes_calls', { description: 'Calls of agents, capabilities and models' });
  const tokens = meter.createCounter('pypes_model_tokens', { description: 'Tokens that models read and wrote' });
  const troubles = meter.createCounter('pypes_telemetry_failures', {
    description: 'Telemetry that could not be told: exports that failed, spans that were dropped',
  });
  observeGauge(meter, 'pypes_queue_depth', 'Runs that wait to be executed', queueDepth);
  observeGauge(meter, 'pypes_runs_active', 'Runs that this process has under way', activeRuns);

  function countEnd(record: RunRecord, event: RunEvent, status: string): void {
    runs.add(1, { status });
    const took = secondsBetween(record.started_at, event.time);
    if (took !== undefined) duration.record(took, { status });
  }

  function countModel({ attrs }: RunEvent): void {
    const { input, output } = tokensOf(attrs);
    const model = modelOf(textOf(attrs.model) ?? 'unknown');
    if (input !== undefined) tokens.add(input, { direction: 'input', model });
    if (output !== undefined) tokens.add(output, { direction: 'output', model });
  }

  return {
    observe(record, event) {
      const { event_type: type, attrs } = event;
      const status = ENDS[type];
      if (status !== undefined) countEnd(record, event, status);
      else if (type === 'run.started') {
        started.add(1);
        const waited = secondsBetween(record.created_at, event.time);
        if (waited !== undefined && (numberOf(attrs.attempt) ?? 1) === 1) queued.record(waited);
      } else if (type === 'tool.call.finished' || type === 'model.call.finished' || type === 'tool.call.blocked') {
        const outcome = type === 'tool.call.blocked' ? 'blocked' : attrs.status === 'error' ? 'error' : 'ok';
        calls.add(1, { tool: toolOf(textOf(attrs.tool) ?? 'unknown'), outcome });
        if (type === 'model.call.finished') countModel(event);
      }
    },
    trouble: (what) => troubles.add(1, { what }),
  };
}

/** A gauge that cannot say is left out. */
function observeGauge(
  meter: Meter,
  name: string,
  description: string,
  read: (() => number | Promise<number>) | undefined,
): void {
  if (read === undefined) return;
  meter.createObservableGauge(name, { description }).addCallback(async (result) => {
    const value = await read();
    if (Number.isFinite(value)) result.observe(value);
  });
}

function secondsBetween(from: string | undefined, to: string): number | undefined {
  const ms = Date.parse(to) - Date.parse(from ?? '');
  return Number.isFinite(ms) ? Math.max(0, ms) / 1_000 : undefined;
}
