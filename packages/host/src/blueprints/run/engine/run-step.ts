// One step: whether it runs, with which arguments, how often it is tried, and what becomes of a failure.
import { type Json, PypesError, toPypesError } from '@pypes/contract';
import type { Step } from '../../blueprint.ts';
import { rootsOf } from '../../template/roots.ts';
import { allLabels, type FieldLabels, joinLabels, type Labels, NO_LABELS, placeFields } from '../guard-flow.ts';
import { attemptCall } from './attempt-call.ts';
import type { StepEvent } from './events.ts';
import { mapBounded } from './limiter.ts';
import { payloadLimit } from './payload.ts';
import { decide, prepareArguments, prepareItems } from './prepare-step.ts';
import type { StepParts } from './step-parts.ts';
import { type Item, type StepResult, toScope, type Values } from './values.ts';

/** Without on_error, rejects with what went wrong; a run that is canceled always does. */
export async function runStep(step: Step, values: Values, parts: StepParts): Promise<StepResult> {
  const settled = (
    more: Pick<StepEvent & { readonly type: 'step.settled' }, 'status' | 'error' | 'items' | 'labels'>,
  ) => parts.onEvent({ type: 'step.settled', time: parts.now(), step: step.id, ...more });
  try {
    const result = step.foreach === undefined ? await runOnce(step, values, parts) : await runEach(step, values, parts);
    const { status, error, code = 'internal' } = result;
    settled({
      status,
      labels: [...joinLabels(result.labels, allLabels(result.fields))].sort(),
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
  const prepared = prepareItems(step, values, parts);
  const { labels: decision } = prepared;
  if ('error' in prepared) return settle(step, prepared.error, { labels: decision, output: [], parts });
  const { items } = prepared;
  const sources = foreach === undefined ? [] : rootsOf(foreach);
  const results = await mapBounded(items, parts.parallel, async (value, index) => {
    const result = await runOnce(step, { ...values, item: { value, index, sources, decision } }, parts);
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
    isList: true,
  };
}

async function runOnce(step: Step, values: Values, parts: StepParts): Promise<Ended> {
  const scope = toScope(values);
  const { item } = values;
  const most = payloadLimit(parts.blueprint, step.id);
  const control = item?.decision ?? NO_LABELS;
  const decided = step.when === undefined ? undefined : decide(step.when, step, values, scope, parts);
  const labels = joinLabels(control, decided?.labels ?? NO_LABELS);
  if (decided !== undefined && 'error' in decided)
    return settle(step, decided.error, { labels, output: null, item, parts });
  if (decided?.isMet === false) {
    return { status: 'skipped', output: null, error: null, labels, fields: NO_FIELDS, isList: false };
  }
  const given = prepareArguments(step, values, scope, most, parts);
  let carried = given.labels;
  if ('error' in given) {
    return settle(step, given.error, { labels: joinLabels(labels, carried), output: null, item, parts });
  }
  try {
    const reply = await attemptCall(step, item, { args: given.args, fields: given.fields, labels }, most, parts);
    carried = joinLabels(carried, reply.labels);
    if ('error' in reply) throw reply.error;
    const all = joinLabels(labels, reply.labels);
    const { output, fields: own = NO_FIELDS } = reply;
    return { status: 'done', output, error: null, labels: all, fields: own, isList: false };
  } catch (error) {
    return settle(step, toPypesError(error), { labels: joinLabels(labels, carried), output: null, item, parts });
  }
}

const NO_FIELDS: FieldLabels = new Map();

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
    isList: step.foreach !== undefined && item === undefined,
  };
}
