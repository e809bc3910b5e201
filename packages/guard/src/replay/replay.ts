// Runs recorded calls through other policies, in their order and at their times, and never calls an agent.
import { type Call, type DecisionTrail, type Policy, PypesError } from '@pypes/contract';
import type { Ask } from '../approvals/ask.ts';
import { compose } from '../compose.ts';
import { type Contexts, createContexts } from '../flow/contexts.ts';
import type { ToolLabels } from '../flow/labels.ts';
import { createReplayAsk } from './answers.ts';
import { type Change, changeOf } from './change.ts';
import { createFlight, type Flight } from './flight.ts';
import type { Moment, RecordedCall } from './recorded-call.ts';
import type { Verdict } from './verdict.ts';

/** What policies run on in a replay. */
export type ReplayServices = {
  /** The time of the recording. */
  readonly now: () => number;
  /** Nothing is stored: a question that a person answered then has that answer, any other one stays open. */
  readonly createAsk: (policyVersion: string) => Ask;
  /** Each is opened by its first call, and knows no prompt. */
  readonly contexts: Contexts;
  /** What was known about what is called, but for the schema of its arguments. */
  readonly about: (call: Call) => ToolLabels | undefined;
};

/** What became of a call. `would` is absent where it would not be made, or where it cannot be told. */
export type ReplayResult = {
  readonly call: RecordedCall;
  readonly today: Verdict;
  readonly would?: Verdict;
  readonly change: Change;
};

/**
 * What other policies would have done to recorded calls (spec 4, replay). Policies have their state from call to call,
 * nested calls lie within those that made them. A call whose caller would have been stopped would not be made. What an
 * agent makes of a refusal that it did not get then is not known: its other calls stay as they were.
 *
 * @param create - makes the policies, which must be used for nothing else
 * @example
 * const results = await replayCalls(recorded, ({ now }) => [rate({ max_calls: 1, per_seconds: 60 }, now)]);
 * results.filter(({ change }) => change === 'newly_stopped');
 */
export async function replayCalls(
  recorded: readonly RecordedCall[],
  create: (services: ReplayServices) => readonly Policy[],
): Promise<readonly ReplayResult[]> {
  let time = 0;
  const sent = new WeakMap<DecisionTrail, { readonly call: RecordedCall; readonly flight: Flight }>();
  const find = ({ trail }: Call) => {
    const found = trail && sent.get(trail);
    if (found === undefined) throw new PypesError('internal', 'A policy took the trail of a call away');
    return found;
  };
  const createAsk = () => createReplayAsk((call) => find(call).call);
  const policies = create({
    now: () => time,
    createAsk,
    contexts: contextsOnUse(),
    about: (call) => find(call).call.callee,
  });
  const guard = compose(policies, (call) => find(call).flight.reach());
  const fates = new Map<RecordedCall, Flight | 'not_made' | 'unknown'>();
  const makers = new Map<string, RecordedCall>();

  async function arrive(call: RecordedCall): Promise<void> {
    const maker = makers.get(call.context ?? call.root);
    if (call.kind === 'agent' || call.context === undefined) makers.set(call.run, call);
    const fate = maker && fates.get(maker);
    if (fate === 'not_made' || (typeof fate === 'object' && !fate.isReached)) fates.set(call, 'not_made');
    else if (call.args === undefined) fates.set(call, 'unknown');
    else {
      const flight = createFlight(call, call.args);
      sent.set(flight.trail, { call, flight });
      fates.set(call, flight);
      await flight.start(guard);
    }
  }

  for (const { call, moment, isArrival } of momentsOf(recorded)) {
    [time] = moment;
    const fate = fates.get(call);
    if (isArrival) await arrive(call);
    else if (typeof fate === 'object') await fate.answer();
  }
  return [...fates].map(([call, fate]) => toResult(call, fate));
}

/** When calls arrived and were answered, in order. A call that was not answered then is over when it ended. */
function momentsOf(recorded: readonly RecordedCall[]) {
  const moments = recorded.flatMap((call) => [
    { call, moment: call.arrived, isArrival: true },
    { call, moment: call.answered ?? call.left, isArrival: false },
  ]);
  const compare = (a: Moment, b: Moment) => a[0] - b[0] || a[1] - b[1];
  return moments.sort((a, b) => compare(a.moment, b.moment));
}

function toResult(call: RecordedCall, fate: Flight | 'not_made' | 'unknown'): ReplayResult {
  const { today } = call;
  if (typeof fate === 'string') return { call, today, change: fate };
  const would = fate.verdict();
  const change = changeOf(today, would);
  // Its reply was too large to be recorded, so that nobody knows what the policies would have said to it.
  if (fate.hasNoAnswer && call.reply !== undefined && change !== 'newly_let_through') {
    return { call, today, change: 'unknown' };
  }
  return { call, today, would, change };
}

function contextsOnUse(): Contexts {
  const contexts = createContexts({ most: Number.POSITIVE_INFINITY });
  const opened = new Set<string>();
  return {
    open: contexts.open,
    say: contexts.say,
    close: contexts.close,
    of(id) {
      if (opened.has(id)) return contexts.of(id);
      opened.add(id);
      return contexts.open(id);
    },
    get size() {
      return contexts.size;
    },
  };
}
