// One call as a recording has it: what came, what the policies decided, what the agent answered, and when.
import {
  type Call,
  type DecisionNote,
  type ErrorCode,
  isJsonObject,
  type Json,
  type JsonObject,
  type Label,
} from '@pypes/contract';
import type { ToolLabels } from '../flow/labels.ts';
import type { Verdict } from './verdict.ts';

/** What each line of a recording begins with. */
export const CALL_FORMAT = 'pypes-call/1';
const LOST_FORMAT = 'pypes-lost/1';

/** Milliseconds since 1970 that never go back, and the place among all moments of the process that recorded. */
export type Moment = readonly [time: number, order: number];

/** Labels by JSON pointer. */
export type RecordedFields = { readonly [pointer: string]: readonly Label[] };

/** What the agent answered, before any policy looked at it. `output` is absent where it was too large. */
export type RecordedReply = {
  readonly output?: Json;
  readonly labels: readonly Label[];
  readonly fields?: RecordedFields;
};

/** How the agent failed. */
export type RecordedError = {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details?: JsonObject;
};

/** A recorded call. A call with neither `reply` nor `error` did not reach its agent. */
export type RecordedCall = {
  readonly format: typeof CALL_FORMAT;
  readonly kind: Call['kind'];
  readonly from: string;
  readonly to: string;
  readonly pack_guid: string;
  readonly user_guid?: string;
  readonly tenant?: string;
  readonly run: string;
  /** The run of the outermost call. */
  readonly root: string;
  readonly scope?: string;
  /** Who decided on the call: the run of the agent that made it, or a model's conversation. */
  readonly context?: string;
  /** What was known about the flow of what is called. */
  readonly callee?: ToolLabels;
  /** As they arrived; absent where they were too large. */
  readonly args?: JsonObject;
  readonly labels: readonly Label[];
  readonly fields?: RecordedFields;
  readonly arrived: Moment;
  readonly answered?: Moment;
  readonly left: Moment;
  readonly reply?: RecordedReply;
  readonly error?: RecordedError;
  readonly today: Verdict;
  readonly policies: readonly DecisionNote[];
  /** The policy whose question a person answered with no. */
  readonly said_no?: string;
  /** Secrets were cut out, so that policies that look for them see something else than they did. */
  readonly hidden?: true;
};

/** The calls of one outermost call, in the order in which they arrived. */
export type RecordedRun = {
  readonly root: string;
  readonly calls: readonly RecordedCall[];
  /** How many more there were than could be kept. */
  readonly lost: number;
};

/** That calls of a run are missing. */
export type RecordedLoss = { readonly format: typeof LOST_FORMAT; readonly root: string; readonly lost: number };

/** The lines of a run, each with its line feed. */
export function toRecordingLines({ root, calls, lost }: RecordedRun): string {
  const loss: RecordedLoss = { format: LOST_FORMAT, root, lost };
  const lines: readonly (RecordedCall | RecordedLoss)[] = lost === 0 ? calls : [...calls, loss];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** What a line says; undefined where it is none of a recording, such as half a line that a crash left. */
export function parseRecordingLine(text: string): RecordedCall | RecordedLoss | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isJsonObject(value) || typeof value.root !== 'string') return undefined;
  if (value.format === LOST_FORMAT) {
    return typeof value.lost === 'number' ? (value as unknown as RecordedLoss) : undefined;
  }
  return isRecordedCall(value) ? (value as unknown as RecordedCall) : undefined;
}

/** Tells a loss from a call. */
export function isLoss(line: RecordedCall | RecordedLoss): line is RecordedLoss {
  return line.format === LOST_FORMAT;
}

const TEXTS = ['from', 'to', 'pack_guid', 'run', 'root'];

function isRecordedCall(value: JsonObject): boolean {
  const { format, kind, args, labels, policies, today, reply, error } = value;
  return (
    format === CALL_FORMAT &&
    (kind === 'agent' || kind === 'capability') &&
    TEXTS.every((name) => typeof value[name] === 'string') &&
    (args === undefined || isJsonObject(args)) &&
    [labels, policies].every(Array.isArray) &&
    isJsonObject(today) &&
    [value.arrived, value.left].every(isMoment) &&
    (value.answered === undefined || isMoment(value.answered)) &&
    (reply === undefined || (isJsonObject(reply) && Array.isArray(reply.labels))) &&
    (error === undefined || (isJsonObject(error) && typeof error.code === 'string'))
  );
}

function isMoment(value: Json | undefined): boolean {
  return Array.isArray(value) && value.length === 2 && value.every((each) => typeof each === 'number');
}
