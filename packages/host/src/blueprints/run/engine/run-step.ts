// One step: whether it runs, with which arguments, how often it is tried, and what becomes of a failure.
import { isJsonObject, type Json, type JsonObject, PypesError, toPypesError } from '@pypes/contract';
import type { Blueprint, Step } from '../../blueprint.ts';
import { templatesOf } from '../../parse/references.ts';
import { evaluateCondition, evaluateTemplate } from '../../template/evaluate-template.ts';
import { allLabels, type FieldLabels, joinLabels, type Labels, NO_LABELS, placeFields } from '../guard-flow.ts';
import type { Releases } from '../within/releases.ts';
import { evaluateInput, labelsOfTemplate } from './evaluate-input.ts';
import { digestOfValue, type StepEvent } from './events.ts';
import { type Limiter, mapBounded } from './limiter.ts';
import { checkPayload, payloadLimit } from './payload.ts';
import { mayPass, pauseAfter } from './retry.ts';
import { type Item, type StepResult, toScope, type Values } from './values.ts';

/** One call of a step's function. */
export type StepCall = {
  readonly step: Step;
  readonly item?: number;
  readonly attempt: number;
  readonly args: JsonObject;
  /** What decided that it is made. */
  readonly labels: Labels;
  /** What the arguments carry. */
  readonly fields: FieldLabels;
  readonly signal: AbortSignal;
};

/** What came of it, and what was read for it, also where it failed. */
export type StepReply = { readonly labels: Labels; readonly fields?: FieldLabels } & (
  | { readonly output: Json }
  | { readonly error: PypesError }
);

/** What steps run on. */
export type StepParts = {
  readonly blueprint: Pick<Blueprint, 'maxPayload'>;
  readonly call: (call: StepCall) => Promise<StepReply>;
  readonly onEvent: (event: StepEvent) => void;
  readonly now: () => number;
  /** Rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Marks that the blueprint lets go at a step. @throws PypesError `policy_denied` */
  readonly releases: Pick<Releases, 'input' | 'decision'>;
  readonly limiter: Limiter;
  readonly parallel: number;
  readonly signal: AbortSignal;
};

/** Without on_error, rejects with what went wrong; a run that is canceled always does. */
export async function runStep(step: Step, values: Values, parts: StepParts): Promise<StepResult> {
  const settled = (more: Pick<StepEvent & { readonly type: 'step.settled' }, 'status' | 'error' | 'items'>) =>
    parts.onEvent({ type: 'step.settled', time: parts.now(), step: step.id, ...more });
  try {
    const result = step.foreach === undefined ? await runOnce(step, values, parts) : await runEach(step, values, parts);
    const { status, error, code = 'internal' } = result;
    settled({
      status,
      ...(error === null ? {} : { error: { code, message: error } }),
      ...(step.foreach === undefined ? {} : { items: (result.output as readonly Json[]).length }),
    });
    return result;
  } catch (error) {
    const { code, message } = toPypesError(error);
    settled({ status: 'failed', error: { code, message } });
    throw error;
  }
}

type Ended = StepResult & { readonly code?: PypesError['code'] };

async function runEach(step: Step, values: Values, parts: StepParts): Promise<Ended> {
  const { foreach } = step;
  const labels = foreach === undefined ? NO_LABELS : labelsOfTemplate(foreach, values);
  let decision = labels;
  let items: readonly Json[];
  try {
    items = listOf(step, values);
    decision = parts.releases.decision('foreach', step, undefined, items.length, labels);
  } catch (error) {
    return settle(step, toPypesError(error), { labels, output: [], parts });
  }
  const results = await mapBounded(items, parts.parallel, async (value, index) => {
    const result = await runOnce(step, { ...values, item: { value, index, labels, decision } }, parts);
    parts.onEvent({
      type: 'step.settled',
      time: parts.now(),
      step: step.id,
      item: index,
      status: result.status,
      ...(result.error === null ? {} : { error: { code: result.code ?? 'internal', message: result.error } }),
    });
    return result;
  });
  const failed = results.find(({ status }) => status === 'failed');
  const skipped = results.length > 0 && results.every(({ status }) => status === 'skipped');
  return {
    status: failed !== undefined ? 'failed' : skipped ? 'skipped' : 'done',
    output: results.map(({ output }) => output),
    error: failed?.error ?? null,
    ...(failed?.code === undefined ? {} : { code: failed.code }),
    labels: results.reduce((all, result) => joinLabels(all, result.labels), decision),
    fields: new Map(results.flatMap(({ fields }, index) => [...placeFields(fields, `/${index}`)])),
  };
}

function listOf(step: Step, values: Values): readonly Json[] {
  const { foreach, maxItems = Number.POSITIVE_INFINITY } = step;
  if (foreach === undefined) return [];
  const list = evaluateTemplate(foreach, toScope(values));
  if (!Array.isArray(list)) throw new PypesError('invalid_input', `"${foreach.source}" gave no list to go through`);
  if (list.length > maxItems) {
    throw new PypesError('too_large', `foreach has ${list.length} items, at most ${maxItems} are gone through`, {
      details: { limit: 'max_items', maximum: maxItems },
    });
  }
  return list as readonly Json[];
}

async function runOnce(step: Step, values: Values, parts: StepParts): Promise<Ended> {
  const scope = toScope(values);
  const { item } = values;
  const most = payloadLimit(parts.blueprint, step.id);
  let labels = item?.decision ?? NO_LABELS;
  let carried = NO_LABELS;
  try {
    if (step.when !== undefined) {
      const known = labelsOfTemplate(step.when, values);
      carried = known;
      const isMet = evaluateCondition(step.when, scope);
      labels = joinLabels(labels, parts.releases.decision('when', step, item?.index, isMet, known));
      carried = NO_LABELS;
      if (!isMet) {
        return { status: 'skipped', output: null, error: null, labels, fields: NO_FIELDS };
      }
    }
    carried = templatesOf(step.input).reduce((all, each) => joinLabels(all, labelsOfTemplate(each, values)), NO_LABELS);
    const { value: args, fields: made } = evaluateInput(step.input, values, scope, most);
    if (!isJsonObject(args)) throw new PypesError('invalid_input', 'Its input is no table of arguments');
    checkPayload(args, most, 'arguments', step.id);
    const fields = parts.releases.input(step, item?.index, args, made);
    carried = allLabels(fields);
    const reply = await attempt(step, item, { args, labels, fields }, most, parts);
    // What a step was given shows in what it does; the host's account of it holds whatever it read besides.
    carried = joinLabels(carried, reply.labels);
    if ('error' in reply) throw reply.error;
    const all = joinLabels(labels, reply.labels);
    return { status: 'done', output: reply.output, error: null, labels: all, fields: reply.fields ?? NO_FIELDS };
  } catch (error) {
    return settle(step, toPypesError(error), { labels: joinLabels(labels, carried), output: null, item, parts });
  }
}

const NO_FIELDS: FieldLabels = new Map();

async function attempt(
  step: Step,
  item: Item | undefined,
  given: Pick<StepCall, 'args' | 'labels' | 'fields'>,
  most: number,
  parts: StepParts,
): Promise<StepReply> {
  const { now, signal, onEvent } = parts;
  const place = { step: step.id, ...(item === undefined ? {} : { item: item.index }) };
  const input = await digestOfValue(given.args);
  let read = NO_LABELS;
  for (let attempt = 1; ; attempt++) {
    const reply = await parts.limiter(async (): Promise<StepReply> => {
      signal.throwIfAborted();
      const began = now();
      onEvent({ type: 'step.started', time: began, ...place, attempt, input });
      const got = await callOnce({ step, ...given, ...(item && { item: item.index }), attempt, signal }, most, parts);
      const common = { type: 'step.ended', time: now(), ...place, attempt, duration_ms: now() - began } as const;
      if ('output' in got) onEvent({ ...common, status: 'done', output: await digestOfValue(got.output) });
      else {
        const { code, message } = got.error;
        const again = isTried(step, attempt, got.error, signal) ? { retry_ms: pauseAfter(attempt, got.error) } : {};
        onEvent({ ...common, status: 'failed', error: { code, message }, ...again });
      }
      return got;
    });
    // A failure may have told something, and the next attempt is made because of it.
    read = joinLabels(read, reply.labels);
    if ('output' in reply || !isTried(step, attempt, reply.error, signal)) return { ...reply, labels: read };
    await parts.sleep(pauseAfter(attempt, reply.error), signal);
  }
}

function isTried({ retries }: Step, attempt: number, error: PypesError, signal: AbortSignal): boolean {
  return attempt <= retries && mayPass(error) && !signal.aborted;
}

async function callOnce(call: StepCall, most: number, { call: make }: StepParts): Promise<StepReply> {
  let reply: StepReply;
  try {
    reply = await make(call);
  } catch (error) {
    return { error: toPypesError(error), labels: allLabels(call.fields) };
  }
  if ('error' in reply) return reply;
  try {
    checkPayload(reply.output, most, 'output', call.step.id);
    return reply;
  } catch (error) {
    return { error: toPypesError(error), labels: joinLabels(reply.labels, allLabels(reply.fields ?? NO_FIELDS)) };
  }
}

/** What on_error makes of a failure. */
function settle(
  step: Step,
  error: PypesError,
  { labels, output, item, parts }: { labels: Labels; output: Json; item?: Item | undefined; parts: StepParts },
): Ended {
  const { onError } = step;
  const where = item === undefined ? `Step "${step.id}"` : `Step "${step.id}", item ${item.index}`;
  const located = new PypesError(error.code, `${where}: ${error.message}`, {
    details: { ...error.details, step: step.id, ...(item === undefined ? {} : { item: item.index }) },
    cause: error,
  });
  if (onError.kind === 'stop' || parts.signal.aborted) throw located;
  const otherwise = onError.kind === 'value' && step.foreach === undefined ? onError.value : output;
  return {
    status: 'failed',
    output: onError.kind === 'value' && item !== undefined ? onError.value : otherwise,
    error: located.message,
    code: located.code,
    labels,
    fields: NO_FIELDS,
  };
}
