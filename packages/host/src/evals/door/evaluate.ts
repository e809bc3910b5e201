// `POST /v1/eval`: a suite over what runs, or over one run that has ended; the scorecard and what the gate says of it.
import {
  canonicalJson,
  ERRORS,
  type ErrorCode,
  type Json,
  type JsonObject,
  PypesError,
  toPypesError,
} from '@pypes/contract';
import {
  type ArtifactStore,
  type EvalRequest,
  isTerminal,
  type RunEvent,
  type RunRecord,
  type RunRef,
  type RunRequest,
} from '@pypes/contract/runs';
import { decideGate, type GateDecision } from '../gate/decide-gate.ts';
import { type Baseline, parseBaseline } from '../run/compare.ts';
import type { CallCase } from '../run/run-case.ts';
import { type RunSuite, runSuite, targetOf } from '../run/run-suite.ts';
import type { Scorecard } from '../run/scorecard.ts';
import type { ScorerServices } from '../scorers/scorer.ts';
import { formatOf, parseSuite, toSuite } from '../suite/parse-suite.ts';
import type { Suite } from '../suite/suite.ts';
import { parseEvalRequest, parseTarget, pathsOfSuite } from './request.ts';

/** What the door stands on. */
export type EvalServices = {
  readonly scorers: ScorerServices;
  readonly runs: {
    /** Creates a run and waits for its end. @throws PypesError where it cannot be created */
    start(request: RunRequest, about: { readonly tenant: string; readonly signal: AbortSignal }): Promise<RunRecord>;
    get(ref: RunRef): Promise<RunRecord | undefined>;
  };
  readonly artifacts: Pick<ArtifactStore, 'put'>;
  /** The text of a file below the tenant's folder of suites; never of one that a link leads to elsewhere. */
  readonly readSuite: (path: string, tenant: string) => Promise<string | undefined>;
  /** What happened, without the parts that the log of events adds. */
  readonly onEvent?: (event: EvalEvent) => void;
  readonly now: () => number;
};

export type EvalEvent = Pick<RunEvent, 'event_type' | 'severity' | 'actor' | 'attrs'> & { readonly run_id?: string };

export type EvalAnswer = { readonly scorecard: Scorecard; readonly gate_decision: GateDecision };

/**
 * Evaluates.
 *
 * @throws PypesError `invalid_request`; `not_found` for a suite or a run that the tenant does not have; `conflict` for a
 *   run that has not ended; `unsupported` for scorers that need what is not here; what `signal` was aborted with
 */
export async function evaluate(
  body: EvalRequest,
  about: { readonly tenant: string; readonly signal: AbortSignal },
  services: EvalServices,
): Promise<EvalAnswer> {
  const request = parseEvalRequest(body as Json);
  const whole = await openSuite(request, about.tenant, services);
  const run = request.run_id === undefined ? undefined : await endedRun(request.run_id, about.tenant, services);
  const suite = run === undefined ? whole : casesOf(whole, run);
  const baseline = narrowed(await openBaseline(request, suite, about.tenant, services), suite, run);
  const { call, target } = run === undefined ? calling(request, suite, about, services) : recorded(run);
  const emit = (event_type: EvalEvent['event_type'], severity: EvalEvent['severity'], attrs: JsonObject) =>
    services.onEvent?.({ event_type, severity, actor: 'evaluation', attrs, ...(run && { run_id: run.run_id }) });

  emit('eval.suite.started', 'info', { suite: suite.name, cases: suite.cases.length });
  const scorecard = await runSuite({
    suite,
    call,
    target,
    scorers: services.scorers,
    now: services.now,
    signal: about.signal,
    ...(baseline === undefined ? {} : { baseline }),
    ...(request.parallel === undefined ? {} : { parallel: request.parallel }),
    ...(run === undefined ? (request.repeat === undefined ? {} : { repeat: request.repeat }) : { repeat: 1 }),
  }).catch((error: unknown) => {
    const { code, message } = toPypesError(error);
    emit('eval.suite.finished', 'error', { suite: suite.name, code, message });
    throw error;
  });
  const { total, passed, average_score } = scorecard.summary;
  emit('eval.suite.finished', 'info', { suite: suite.name, total, passed, average_score });
  const gate_decision = decideGate(scorecard, suite.gate, baseline);
  const { decision, reasons } = gate_decision;
  emit('eval.gate.decision', decision === 'pass' ? 'info' : 'warn', { suite: suite.name, decision, reasons });
  if (run !== undefined) await keep({ scorecard, gate_decision }, { tenant: run.tenant, run_id: run.run_id }, services);
  return { scorecard, gate_decision };
}

/** Reading YAML holds up everybody else, about a second for so much of it; operators' own files may be longer. */
const MOST_YAML = 500_000;

async function openSuite(
  { suite, suite_ref: ref }: EvalRequest,
  tenant: string,
  services: EvalServices,
): Promise<Suite> {
  if (typeof suite === 'string') {
    if (suite.length <= MOST_YAML) return parseSuite(suite, 'yaml');
    throw new PypesError(
      'too_large',
      `"suite" has more than ${MOST_YAML} characters of YAML; send it as a JSON object`,
    );
  }
  if (suite !== undefined) return toSuite(suite);
  for (const path of pathsOfSuite(ref ?? '')) {
    const text = await services.readSuite(path, tenant);
    if (text !== undefined) return parseSuite(text, formatOf(path), path);
  }
  throw new PypesError('not_found', `There is no suite "${ref}" here`);
}

async function openBaseline(
  { baseline, suite_ref: ref }: EvalRequest,
  { gate }: Suite,
  tenant: string,
  services: EvalServices,
): Promise<Baseline | undefined> {
  if (baseline !== undefined) return parseBaseline(baseline);
  if (gate.baseline === undefined) return undefined;
  // Beside the suite, as a file's own references are.
  const folder = ref?.includes('/') === true ? ref.slice(0, ref.lastIndexOf('/') + 1) : '';
  const [path = ''] = pathsOfSuite(`${folder}${gate.baseline}`);
  const text = await services.readSuite(path, tenant);
  if (text === undefined) return undefined;
  try {
    return parseBaseline(JSON.parse(text) as Json);
  } catch (error) {
    throw new PypesError(
      'invalid_request',
      `The baseline "${gate.baseline}" cannot be read: ${(error as Error).message}`,
    );
  }
}

/** Where one run is scored, the cases that were not asked for are not missing. */
function narrowed(baseline: Baseline | undefined, { cases }: Suite, run: RunRecord | undefined): Baseline | undefined {
  if (baseline === undefined || run === undefined) return baseline;
  const ids = new Set(cases.map(({ id }) => id));
  return { ...baseline, cases: baseline.cases.filter(({ id }) => ids.has(id)) };
}

async function endedRun(runId: string, tenant: string, { runs }: EvalServices): Promise<RunRecord> {
  const run = await runs.get({ tenant, run_id: runId });
  if (run === undefined) throw new PypesError('not_found', `There is no run "${runId.slice(0, 100)}"`);
  if (isTerminal(run.status)) return run;
  throw new PypesError('conflict', `The run "${run.run_id}" is ${run.status}; evaluate it when it has ended`);
}

/** The cases that were given what the run was given, or the only one that there is. */
function casesOf(suite: Suite, { run_id, request }: RunRecord): Suite {
  const input = canonicalJson(request.input);
  const same = suite.cases.filter((each) => canonicalJson(each.input) === input);
  const cases = same.length > 0 ? same : suite.cases.length === 1 ? suite.cases : [];
  if (cases.length > 0) return { ...suite, cases };
  throw new PypesError(
    'invalid_request',
    `None of the ${suite.cases.length} cases of "${suite.name}" has the input of the run "${run_id}"; add it as a case first`,
  );
}

type Calling = { readonly call: CallCase; readonly target: NonNullable<RunSuite['target']> };

function recorded(run: RunRecord): Calling {
  const { input: _input, context: _context, metadata: _metadata, mode: _mode, ...target } = run.request;
  return { call: async () => resultOf(run), target: { ...target, run_id: run.run_id } };
}

function calling(
  { config_ref: ref }: EvalRequest,
  suite: Suite,
  about: { readonly tenant: string },
  { runs }: EvalServices,
): Calling {
  const target = ref === undefined ? targetOf(suite) : parseTarget(ref);
  if (Object.keys(target).length === 0) {
    throw new PypesError(
      'invalid_request',
      `The suite "${suite.name}" names nothing that runs; give a "config_ref" or a "run_id"`,
    );
  }
  return {
    target,
    call: async ({ input }, signal) =>
      resultOf(await runs.start({ ...target, input }, { tenant: about.tenant, signal })),
  };
}

/** @throws PypesError what the run ended with */
function resultOf({ run_id, status, result, error }: RunRecord): Json {
  if (status === 'finished') return result ?? null;
  const code = error !== undefined && Object.hasOwn(ERRORS, error.type) ? (error.type as ErrorCode) : 'handler_failed';
  throw new PypesError(code, error?.message ?? `The run "${run_id}" is ${status}`);
}

async function keep({ scorecard, gate_decision }: EvalAnswer, ref: RunRef, { artifacts }: EvalServices): Promise<void> {
  const files = { 'eval/scorecard.json': scorecard, 'eval/gate.json': gate_decision };
  for (const [path, value] of Object.entries(files)) {
    const bytes = new TextEncoder().encode(`${canonicalJson(value as unknown as Json)}\n`);
    await artifacts.put(ref, path, { bytes, mediaType: 'application/json' });
  }
}
