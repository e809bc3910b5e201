// The pipe as tests: checks over nothing but a base URL, and their reports.
export type { Check, Level } from './check.ts';
export { CHECKS } from './checks/checks.ts';
export { toJunit, toLine, toMatrix, toSummary } from './report/report.ts';
export { type ConformanceOptions, type Outcome, type Report, runConformance } from './run-checks.ts';
export type { Subject, SubjectOptions } from './subject.ts';
