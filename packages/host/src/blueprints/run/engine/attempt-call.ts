// One call of a step, tried again where it may help.
import { type PypesError, toPypesError } from '@pypes/contract';
import type { Step } from '../../blueprint.ts';
import { allLabels, joinLabels, NO_LABELS } from '../guard-flow.ts';
import { digestOfValue } from './events.ts';
import { checkPayload } from './payload.ts';
import { mayPass, pauseAfter } from './retry.ts';
import type { StepCall, StepParts, StepReply } from './step-parts.ts';
import type { Item } from './values.ts';

/** Rejects only where the run is stopped. */
export async function attemptCall(
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
    return { error: toPypesError(error), labels: joinLabels(reply.labels, allLabels(reply.fields ?? new Map())) };
  }
}
