// From a call that has ended to its record, without the secrets that its chain of calls has opened.
import {
  type Call,
  type DecisionTrail,
  isJsonObject,
  isPypesError,
  type Json,
  type JsonObject,
  type Label,
  type Reply,
  toPypesError,
} from '@pypes/contract';
import type { ToolLabels } from '../flow/labels.ts';
import { CALL_FORMAT, type Moment, type RecordedCall, type RecordedFields } from './recorded-call.ts';
import { judge } from './verdict.ts';

/** What only a host knows about a call. */
export type AboutCall = {
  /** What is known about the flow of what is called. */
  readonly callee?: ToolLabels | undefined;
  /** Cuts out the secrets that the chain of calls has opened; the same value where there was none in it. */
  readonly hide?: (value: Json) => Json;
};

/** A call under way; values that are too large are not kept. */
export type Kept = {
  readonly call: Call;
  readonly trail: DecisionTrail;
  readonly arrived: Moment;
  readonly hasArgs: boolean;
  answer?:
    | { readonly at: Moment; readonly reply: Reply; readonly hasOutput: boolean }
    | { readonly at: Moment; readonly error: unknown };
};

/** `failure` is what the guard threw. */
export type Ended = Kept & { readonly left: Moment; readonly failure?: { readonly error: unknown } };

/** The record. Nothing but its times escapes `hide`. */
export function toRecord(ended: Ended, { callee, hide = (value) => value }: AboutCall): RecordedCall {
  const { call, trail, arrived, left, answer, failure } = ended;
  const told: Omit<RecordedCall, 'arrived' | 'left' | 'answered' | 'hidden'> = {
    format: CALL_FORMAT,
    kind: call.kind,
    from: call.from,
    to: call.to,
    pack_guid: call.packGuid,
    ...(call.userGuid === undefined ? {} : { user_guid: call.userGuid }),
    ...(call.tenant === undefined ? {} : { tenant: call.tenant }),
    run: call.run,
    root: call.root ?? call.run,
    ...(call.scope === undefined ? {} : { scope: call.scope }),
    ...(call.context === undefined ? {} : { context: call.context }),
    ...(callee === undefined ? {} : { callee: toFlow(callee) }),
    ...(ended.hasArgs ? { args: call.args } : {}),
    labels: [...call.labels],
    ...(call.fields === undefined ? {} : { fields: toFields(call.fields) }),
    ...(answer === undefined ? {} : toAnswer(answer)),
    today: judge(trail.notes, failure, answer !== undefined && 'error' in answer ? answer : undefined),
    policies: trail.notes,
    ...saidNo(failure?.error),
  };
  const shown = hide(told as unknown as JsonObject);
  return {
    ...(shown as unknown as typeof told),
    arrived,
    ...(answer === undefined ? {} : { answered: answer.at }),
    left,
    ...(shown === (told as unknown) ? {} : { hidden: true }),
  };
}

/** A person's no is told by the approval that the refusal names. */
function saidNo(error: unknown): Pick<RecordedCall, 'said_no'> {
  const { policy, approval } = (isPypesError(error) ? error.details : undefined) ?? {};
  const isNo = isJsonObject(approval) && approval.state === 'denied' && typeof policy === 'string';
  return isNo ? { said_no: policy } : {};
}

function toFlow({ reads, sends, destinations }: ToolLabels): ToolLabels {
  return { reads, sends, ...(destinations === undefined ? {} : { destinations }) };
}

function toAnswer(answer: NonNullable<Kept['answer']>): Pick<RecordedCall, 'reply' | 'error'> {
  if ('error' in answer) {
    const { code, message, details } = toPypesError(answer.error);
    return { error: { code, message, ...(details === undefined ? {} : { details }) } };
  }
  const { reply, hasOutput } = answer;
  return {
    reply: {
      ...(hasOutput ? { output: reply.output } : {}),
      labels: [...reply.labels],
      ...(reply.fields === undefined ? {} : { fields: toFields(reply.fields) }),
    },
  };
}

function toFields(fields: ReadonlyMap<string, ReadonlySet<Label>>): RecordedFields {
  return Object.fromEntries([...fields].map(([pointer, labels]) => [pointer, [...labels]]));
}
