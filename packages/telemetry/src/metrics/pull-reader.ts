// Metrics for whoever comes and asks: read when asked for, written as Prometheus takes them.
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MetricReader } from '@opentelemetry/sdk-metrics';

/** A reader that waits to be asked. */
export class PullReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

/** How long a gauge may take to find its value; after that it is left out. */
const GAUGE_MS = 1_000;

/** Text format 0.0.4, with a line feed at its end. */
export async function toMetricsText(reader: MetricReader): Promise<string> {
  const { resourceMetrics } = await reader.collect({ timeoutMillis: GAUGE_MS });
  const text = new PrometheusSerializer('', false, undefined, false, true).serialize(resourceMetrics);
  return text.endsWith('\n') ? text : `${text}\n`;
}
