// Suites and scorecards: parsed, run, compared, decided over, and shown.
export type { EvalRequest } from '@pypes/contract/runs';
export { type EvalAnswer, type EvalEvent, type EvalServices, evaluate } from './door/evaluate.ts';
export { parseEvalRequest } from './door/request.ts';
export { decideGate, type GateCheck, type GateDecision } from './gate/decide-gate.ts';
export { toHtml } from './reports/html/to-html.ts';
export { toJsonText } from './reports/to-json.ts';
export { toJunit } from './reports/to-junit.ts';
export { toMarkdown } from './reports/to-markdown.ts';
export {
  type Report,
  toChangeText,
  toDuration,
  toFault,
  toPassText,
  toPercent,
  toScoreText,
  toTargetText,
  worstFirst,
} from './reports/words.ts';
export { type Baseline, compareScorecards, parseBaseline } from './run/compare.ts';
export type { CallCase } from './run/run-case.ts';
export { MOST_PARALLEL, MOST_REPEAT, type Progress, type RunSuite, runSuite, targetOf } from './run/run-suite.ts';
export type { CaseFailure, CaseResult, Comparison, Scorecard, Stability, Summary } from './run/scorecard.ts';
export { wilson } from './run/wilson.ts';
export { askThrough } from './scorers/ask-through.ts';
export type { Observed, Score, Scorer, ScorerServices } from './scorers/scorer.ts';
export { appendCase, type FinishedRun, toCase } from './suite/add-case.ts';
export { formatOf, parseSuite, toSuite } from './suite/parse-suite.ts';
export { printSuite } from './suite/print-suite.ts';
export {
  type Gate,
  type ScorerSpec,
  SUITE_LIMITS,
  type Suite,
  type SuiteCase,
  type SuiteFormat,
  type Target,
} from './suite/suite.ts';
