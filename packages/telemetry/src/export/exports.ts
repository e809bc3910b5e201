// What leaves for a collector: spans in batches, metrics now and then; what fails is counted and holds up nobody.
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { PeriodicExportingMetricReader, type PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace';
import { createAgents } from './agents.ts';

export type ExportsOptions = {
  readonly endpoint: string;
  readonly headers?: { readonly [name: string]: string };
  readonly traces?: boolean;
  readonly metrics?: boolean;
  readonly onFailure: (what: 'traces' | 'metrics', error: unknown) => void;
  readonly onDrop: () => void;
};

/** The way out. */
export interface Exports {
  /** Absent where no traces are sent. */
  readonly addSpan?: (span: ReadableSpan) => void;
  readonly metricReader?: PeriodicExportingMetricReader;
  /** Sends the spans that wait. The metrics' provider does the same for metrics. */
  flush(): Promise<void>;
  /** Breaks off whatever is still under way. */
  end(): void;
}

const MOST_WAITING = 8_192;
const BATCH = 512;
const DELAY_MS = 1_000;
const REQUEST_MS = 10_000;
const INTERVAL_MS = 15_000;

export function createExports(options: ExportsOptions): Exports {
  const { endpoint, headers = {}, traces = true, metrics = true, onFailure, onDrop } = options;
  const agents = createAgents();
  const settings = (path: string) => ({
    url: `${endpoint.replace(/\/+$/, '')}${path}`,
    headers: { ...headers },
    timeoutMillis: REQUEST_MS,
    concurrencyLimit: 2,
    httpAgentOptions: agents.of,
  });
  let waiting = 0;

  const exporter = traces
    ? watchSpans(new OTLPTraceExporter(settings('/v1/traces')), {
        onTaken: (spans) => {
          waiting -= spans;
        },
        onFailure: (error) => onFailure('traces', error),
      })
    : undefined;
  const processor =
    exporter === undefined
      ? undefined
      : new BatchSpanProcessor({
          exporter,
          maxQueueSize: MOST_WAITING,
          maxExportBatchSize: BATCH,
          scheduledDelayMillis: DELAY_MS,
          exportTimeoutMillis: REQUEST_MS,
        });
  const metricExporter = metrics
    ? watchMetrics(new OTLPMetricExporter(settings('/v1/metrics')), (error) => onFailure('metrics', error))
    : undefined;

  return {
    ...(processor === undefined
      ? {}
      : {
          addSpan(span) {
            if (waiting >= MOST_WAITING) {
              onDrop();
              return;
            }
            waiting += 1;
            processor.onEnd(span);
          },
        }),
    ...(metricExporter === undefined
      ? {}
      : {
          metricReader: new PeriodicExportingMetricReader({
            exporter: metricExporter,
            exportIntervalMillis: INTERVAL_MS,
            exportTimeoutMillis: REQUEST_MS,
          }),
        }),
    flush: async () => processor?.shutdown(),
    end: agents.end,
  };
}

type SpanWatch = { readonly onTaken: (spans: number) => void; readonly onFailure: (error: unknown) => void };

/** Counts what the exporter takes, and what it cannot send. */
function watchSpans(exporter: SpanExporter, { onTaken, onFailure }: SpanWatch): SpanExporter {
  return {
    export(spans, done) {
      onTaken(spans.length);
      exporter.export(spans, (result) => {
        if (result.code !== 0) onFailure(result.error ?? 'The collector did not take the spans');
        done(result);
      });
    },
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}

function watchMetrics(exporter: PushMetricExporter, onFailure: (error: unknown) => void): PushMetricExporter {
  const { selectAggregation, selectAggregationTemporality } = exporter;
  return {
    export(metrics, done) {
      exporter.export(metrics, (result) => {
        if (result.code !== 0) onFailure(result.error ?? 'The collector did not take the metrics');
        done(result);
      });
    },
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
    ...(selectAggregation === undefined ? {} : { selectAggregation: selectAggregation.bind(exporter) }),
    ...(selectAggregationTemporality === undefined
      ? {}
      : { selectAggregationTemporality: selectAggregationTemporality.bind(exporter) }),
  };
}
