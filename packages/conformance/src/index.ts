// The pipe as tests: checks over nothing but a base URL, and their reports.
export type { Check, Level } from './check.ts';
export { CHECKS } from './checks/checks.ts';
export { toJunit } from './report/junit.ts';
export { toLine, toMatrix, toSummary } from './report/report.ts';
export { type ConformanceOptions, type Outcome, type Report, runConformance, selectChecks } from './run-checks.ts';
export { NoEndpoint, type NoEndpointKind } from './subject/endpoint.ts';
export type { Subject } from './subject/subject.ts';
