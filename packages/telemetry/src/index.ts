// Traces and metrics of runs: OpenTelemetry over OTLP, and the text that Prometheus reads.
export { createTelemetry, type Telemetry, type TelemetryOptions, type TelemetryTrouble } from './create-telemetry.ts';
