// A recorded call on its way through other policies: it waits at its agent until the recorded answer came.
import { type Call, type DecisionTrail, PypesError, type Reply } from '@pypes/contract';
import { Trail } from '../trail.ts';
import type { RecordedCall, RecordedFields } from './recorded-call.ts';
import { judge, type Verdict } from './verdict.ts';

/** A call in a replay. */
export interface Flight {
  readonly trail: DecisionTrail;
  readonly isReached: boolean;
  /** The policies let it through, and there is no answer to look at. */
  readonly hasNoAnswer: boolean;
  /** Sends it off; resolves when it has reached its agent or was stopped before. */
  start(guard: (call: Call) => Promise<Reply>): Promise<void>;
  /** What stands for the agent. */
  reach(): Promise<Reply>;
  /** The agent answers now; resolves when the policies are done. */
  answer(): Promise<void>;
  /** After {@link answer}. */
  verdict(): Verdict;
}

/** A flight of a call whose arguments were recorded. */
export function createFlight(recorded: RecordedCall, args: NonNullable<RecordedCall['args']>): Flight {
  const trail = new Trail();
  const reached = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<void>();
  let settled: Promise<void> = Promise.resolve();
  let isReached = false;
  let hasNoAnswer = false;
  let failure: { readonly error: unknown } | undefined;
  let agentFailure: { readonly error: unknown } | undefined;

  return {
    trail,
    get isReached() {
      return isReached;
    },
    get hasNoAnswer() {
      return hasNoAnswer;
    },
    async start(guard) {
      settled = guard(toCall(recorded, args, trail)).then(
        () => undefined,
        (error: unknown) => {
          failure = { error };
        },
      );
      await Promise.race([reached.promise, settled]);
    },
    async reach() {
      isReached = true;
      reached.resolve();
      const { reply, error } = recorded;
      if (reply?.output === undefined && error === undefined) {
        hasNoAnswer = true;
        agentFailure = { error: new PypesError('unavailable', 'The recording has no answer to this call') };
      } else {
        await answered.promise;
        if (error !== undefined) {
          const { code, message, details } = error;
          agentFailure = { error: new PypesError(code, message, details === undefined ? {} : { details }) };
        }
      }
      if (agentFailure !== undefined) throw agentFailure.error;
      const { output = null, labels = [], fields } = reply ?? {};
      return { output, labels: new Set(labels), ...(fields === undefined ? {} : { fields: toMap(fields) }) };
    },
    async answer() {
      answered.resolve();
      await settled;
    },
    verdict() {
      const verdict = judge(trail.notes, failure, agentFailure);
      if (!hasNoAnswer || verdict.decision === 'deny' || verdict.decision === 'defer') return verdict;
      // That there is no answer is no failure of the agent's.
      const { code: _code, ...rest } = verdict;
      return rest;
    },
  };
}

function toCall(recorded: RecordedCall, args: NonNullable<RecordedCall['args']>, trail: DecisionTrail): Call {
  const { user_guid: userGuid, tenant, scope, context, fields } = recorded;
  return {
    kind: recorded.kind,
    from: recorded.from,
    to: recorded.to,
    packGuid: recorded.pack_guid,
    ...(userGuid === undefined ? {} : { userGuid }),
    ...(tenant === undefined ? {} : { tenant }),
    args,
    labels: new Set(recorded.labels),
    ...(fields === undefined ? {} : { fields: toMap(fields) }),
    run: recorded.run,
    root: recorded.root,
    ...(scope === undefined ? {} : { scope }),
    ...(context === undefined ? {} : { context }),
    trail,
  };
}

function toMap(fields: RecordedFields): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(Object.entries(fields).map(([pointer, labels]) => [pointer, new Set(labels)]));
}
