// What a service tells of its runs: spans of every call with the ids of the events, and metrics of all of them together.

import { resourceFromAttributes } from '@opentelemetry/resources';
import type { IMetricReader } from '@opentelemetry/sdk-metrics';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { PypesError } from '@pypes/contract';
import type { RunEvent, RunRecord } from '@pypes/contract/runs';
import { createExports, type Exports } from './export/exports.ts';
import { PullReader, toMetricsText } from './metrics/pull-reader.ts';
import { createRunMetrics } from './metrics/run-metrics.ts';
import { createRunSpans, type RunSpans } from './spans/run-spans.ts';

export type TelemetryOptions = {
  readonly serviceName: string;
  readonly version: string;
  /** Where traces and metrics are sent, without `/v1/traces`: `http://127.0.0.1:4318`. Absent: nothing is sent anywhere. */
  readonly otlpEndpoint?: string;
  /** Of every request to it. */
  readonly headers?: { readonly [name: string]: string };
  /** What is sent there; both by default. */
  readonly traces?: boolean;
  readonly metrics?: boolean;
  /** How many runs wait, and how many this process has under way; asked for whenever metrics are read. */
  readonly queueDepth?: () => number | Promise<number>;
  readonly activeRuns?: () => number;
  /** Told the first time that something could not be sent; from then on it is counted alone. */
  readonly onTrouble?: (trouble: TelemetryTrouble) => void;
};

/** What went wrong: the first of its kind. */
export type TelemetryTrouble = {
  readonly what: 'traces' | 'metrics' | 'observe' | 'dropped';
  readonly message: string;
};

/** Telemetry of a service. */
export interface Telemetry {
  /** Takes note of an event that was stored. Never throws, never waits, and keeps a bounded number of spans. */
  observe(record: RunRecord, event: RunEvent): void;
  /** Every metric in the text format of Prometheus. @throws PypesError `unavailable` after the end */
  metricsText(): Promise<string>;
  /** Sends what waits, for at most two seconds, then drops it. */
  close(): Promise<void>;
}

const NAME = 'pypes';
const CLOSE_MS = 2_000;

/**
 * Telemetry of runs (spec 5). No argument, output or log text is told: names, sizes, codes and times are.
 *
 * @example
 * const telemetry = createTelemetry({ serviceName: 'pypes', version: '0.1.0', otlpEndpoint: 'http://127.0.0.1:4318' });
 * const runs = createRuns({ …, observe: telemetry.observe });
 */
export function createTelemetry(options: TelemetryOptions): Telemetry {
  const { serviceName, version, otlpEndpoint, onTrouble } = options;
  const resource = resourceFromAttributes({ 'service.name': serviceName, 'service.version': version });
  const told = new Set<TelemetryTrouble['what']>();
  const tell = (what: TelemetryTrouble['what'], error: unknown): void => {
    count(what);
    if (told.has(what)) return;
    told.add(what);
    onTrouble?.({ what, message: error instanceof Error ? error.message : String(error) });
  };

  const exports: Exports | undefined =
    otlpEndpoint === undefined
      ? undefined
      : createExports({ ...options, endpoint: otlpEndpoint, onFailure: tell, onDrop: () => tell('dropped', FULL) });
  const pull = new PullReader();
  const readers: IMetricReader[] = [pull, ...(exports?.metricReader === undefined ? [] : [exports.metricReader])];
  const provider = new MeterProvider({ resource, readers });
  const metrics = createRunMetrics(provider.getMeter(NAME, version), options);
  const addSpan = exports?.addSpan;
  const spans: RunSpans | undefined =
    addSpan === undefined
      ? undefined
      : createRunSpans({ resource, scope: { name: NAME, version }, add: addSpan, onDrop: () => tell('dropped', FULL) });
  let isClosed = false;

  function count(what: TelemetryTrouble['what']): void {
    metrics.trouble(what);
  }

  return {
    observe(record, event) {
      if (isClosed) return;
      try {
        metrics.observe(record, event);
        spans?.observe(record, event);
      } catch (error) {
        tell('observe', error);
      }
    },
    async metricsText() {
      if (isClosed) throw new PypesError('unavailable', 'The service is shutting down; there are no metrics any more');
      return toMetricsText(pull);
    },
    async close() {
      if (isClosed) return;
      spans?.close();
      isClosed = true;
      const flushed = Promise.allSettled([provider.shutdown(), exports?.flush()]);
      const { promise: late, resolve: giveUp } = Promise.withResolvers<void>();
      const timer = setTimeout(giveUp, CLOSE_MS);
      await Promise.race([flushed, late]);
      clearTimeout(timer);
      exports?.end();
    },
  };
}

const FULL = 'Spans come faster than they are sent; some were dropped';
