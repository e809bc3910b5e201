// A workflow: steps in the order of what they need of each other, side by side where they need nothing (spec 4).
import { type Json, type JsonObject, PypesError, toPypesError } from '@pypes/contract';
import type { Blueprint } from '../../blueprint.ts';
import { allLabels, hasMark, joinLabels, type Labels } from '../guard-flow.ts';
import { evaluateInput, labelsOfInput } from './evaluate-input.ts';
import { createLimiter } from './limiter.ts';
import { orderSteps } from './order.ts';
import { checkPayload } from './payload.ts';
import { runStep } from './run-step.ts';
import type { StepParts } from './step-parts.ts';
import { type StepResult, toScope } from './values.ts';

/** What a workflow runs on. */
export type WorkflowOptions = Pick<StepParts, 'call' | 'onEvent' | 'now' | 'sleep' | 'releases' | 'carries'> & {
  readonly input: JsonObject;
  /** How many calls may be under way at once; 8 where nothing is said. */
  readonly parallel?: number;
  /** Stops every step that runs. */
  readonly signal?: AbortSignal;
};

/** What a workflow gave. */
export type WorkflowResult = {
  readonly output: Json;
  readonly labels: Labels;
  readonly steps: ReadonlyMap<string, StepResult>;
};

/** The parts of a blueprint that a workflow is. */
export type Workflow = Pick<Blueprint, 'steps' | 'input' | 'output' | 'maxPayload' | 'freeBits'>;

const PARALLEL = 8;

/**
 * Runs all steps; when it answers, nothing of it runs any more.
 *
 * @throws PypesError what made the first step fail that may not, with details `{step, item?}`; `canceled`
 * @example
 * const { output } = await runSteps(blueprint, { input: { symbol: 'ACME' }, call, onEvent, now: Date.now, sleep });
 */
export async function runSteps(workflow: Workflow, options: WorkflowOptions): Promise<WorkflowResult> {
  const { input, parallel = PARALLEL, signal: outside } = options;
  const ordered = orderSteps(workflow.steps);
  const stop = new AbortController();
  let failure: PypesError | undefined;
  const cancel = () => stop.abort(toCanceled(outside?.reason));
  if (outside?.aborted === true) cancel();
  outside?.addEventListener('abort', cancel, { once: true });
  const parts: StepParts = {
    ...options,
    blueprint: workflow,
    parallel,
    limiter: createLimiter(parallel),
    signal: stop.signal,
  };
  const inputLabels: Labels = new Set(workflow.input.labels.map((mark) => `${mark}:input`));
  const ended = new Map<string, StepResult>();
  const running = new Map<string, Promise<void>>();
  for (const { step, before } of ordered) {
    const needed = before.map((id) => running.get(id) as Promise<void>);
    running.set(step.id, start(step, before, needed));
  }
  await Promise.allSettled(running.values());
  outside?.removeEventListener('abort', cancel);
  if (stop.signal.aborted) throw failure ?? stop.signal.reason;
  return { ...finish(), steps: ended };

  async function start(step: Workflow['steps'][number], before: readonly string[], needed: readonly Promise<void>[]) {
    try {
      await Promise.all(needed);
      stop.signal.throwIfAborted();
      const results = new Map(before.map((id) => [id, ended.get(id) as StepResult]));
      ended.set(step.id, await runStep(step, { input, inputLabels, results }, parts));
    } catch (error) {
      // The first failure is what the run fails with; the others are stopped because of it.
      failure ??= stop.signal.aborted ? undefined : toPypesError(error);
      stop.abort(new PypesError('canceled', `Stopped, because the run failed: ${toPypesError(error).message}`));
      throw error;
    }
  }

  function finish(): { readonly output: Json; readonly labels: Labels } {
    const { output, steps } = workflow;
    if (output === undefined) {
      const last = ended.get(steps.at(-1)?.id ?? '');
      if (last === undefined) return { output: null, labels: new Set() };
      return { output: last.output, labels: joinLabels(last.labels, allLabels(last.fields)) };
    }
    const values = { input, inputLabels, results: ended };
    const most = workflow.maxPayload.default.value * Math.max(1, steps.length);
    const value = evaluateInput(output.value, toScope(values), most);
    const fields = labelsOfInput(output.value, values, () => options.carries.template('output', undefined, ''));
    checkPayload(value, most, 'output', '[output]');
    const labels = allLabels(fields);
    const refused = output.refuses.find((mark) => workflow.freeBits[mark] === 0 && hasMark(labels, mark));
    if (refused === undefined) return { output: value, labels };
    throw new PypesError('policy_denied', `The output would carry ${refused} data, which [output] refuses`, {
      details: { policy: 'refuses', labels: [...labels].sort() },
    });
  }
}

function toCanceled(reason: unknown): PypesError {
  return reason instanceof PypesError ? reason : new PypesError('canceled', 'The run was canceled');
}
