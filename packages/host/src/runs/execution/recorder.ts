// Writes host calls of a run into its record before they are answered, and answers from the record what is in it.
import {
  type Call,
  ERRORS,
  type ErrorCode,
  type Json,
  type JsonObject,
  type Next,
  PypesError,
  type Reply,
  toPypesError,
} from '@pypes/contract';
import { labelsOfError, markError, NO_LABELS } from '@pypes/guard';
import { hidden, type WatchedCall } from './call-facts.ts';
import { isoTime } from './event-log.ts';
import { createHostState } from './host-state.ts';
import type { Journal, RecordedAnswer, RecordedCall } from './journal.ts';
import type { LineWriter } from './line-writer.ts';
import { isRefusal } from './refusal-events.ts';

/** What a recorder stands on. */
export type RecorderOptions = {
  /** What this run has recorded before. */
  readonly own: Journal;
  /** What the run has recorded that this one repeats. */
  readonly repeated: Journal;
  readonly writer: LineWriter;
  readonly now: () => number;
  /** Throws why nothing may begin any more. */
  readonly check: () => void;
  /** What was done has something to be kept of it, before it is answered. */
  readonly keep: (call: Call, args: JsonObject) => Promise<void> | undefined;
};

/** Performs host calls. */
export interface Recorder {
  /** What an earlier attempt of the run recorded of the call; given once. */
  recall(key: string): RecordedCall | undefined;
  /** The call that it was for was refused before anybody looked at it. */
  giveBack(known: RecordedCall): void;
  answer(call: Call, watched: WatchedCall, next: Next): Promise<Reply>;
  /** Calls that are being performed, as far as they are; for whoever wants to wait until they are recorded. */
  readonly underWay: ReadonlySet<Promise<unknown>>;
}

/** Larger arguments are known by their digest: what was put into a file is kept as that. */
const MOST_ARGUMENT_BYTES = 64 * 1024;
/** Secrets are never written down, not even those that the log would hide. */
const VAULT = 'context.vault.';

export function createRecorder({ own, repeated, writer, now, check, keep }: RecorderOptions): Recorder {
  const state = createHostState();
  const underWay = new Set<Promise<unknown>>();

  async function answer(call: Call, watched: WatchedCall, next: Next): Promise<Reply> {
    check();
    const { known } = watched;
    // A copy of what was recorded before: the original is used up with it.
    const before = known === undefined || known.answer.recorded === true ? repeated.take(watched.key) : undefined;
    const found = known ?? before;
    if (found?.isAnswer !== true) return perform(call, watched, next);
    const from = found.answer;
    state.answered(call, next);
    if (known === undefined) {
      await keep(call, watched.args);
      const { output, error, labels, fields } = from;
      const at = isoTime(now());
      await write(call, watched, {
        ...(error === undefined ? { output: output ?? null } : { error }),
        labels,
        ...(fields === undefined ? {} : { fields }),
        started_at: at,
        finished_at: at,
        recorded: true,
      });
    }
    return toReply(from);
  }

  async function perform(call: Call, watched: WatchedCall, next: Next): Promise<Reply> {
    const preparing = state.prepare(call);
    if (preparing !== undefined) await preparing;
    const started = isoTime(now());
    let reply: Reply;
    try {
      reply = await next(call);
      await keep(call, watched.args);
    } catch (error) {
      if (isLasting(call, error))
        await write(call, watched, { ...errorPart(error, watched), started_at: started, finished_at: isoTime(now()) });
      throw error;
    }
    await write(call, watched, {
      ...replyPart(call, reply, watched),
      started_at: started,
      finished_at: isoTime(now()),
    });
    return reply;
  }

  /** A call that fails because of its run, or an operation that is refused, may go through another time. */
  function isLasting({ kind }: Call, thrown: unknown): boolean {
    try {
      check();
    } catch {
      return false;
    }
    const error = toPypesError(thrown);
    return error.code !== 'canceled' && !(kind === 'capability' && isRefusal(error));
  }

  /** @throws PypesError `canceled` where it can no longer be stored: then nobody may go on with the answer */
  function write(call: Call, watched: WatchedCall, part: Part): Promise<void> {
    const { n, key, parent, step, size } = watched;
    const isKept = size.bytes <= MOST_ARGUMENT_BYTES;
    const line = JSON.stringify({
      n,
      key,
      in: parent?.n ?? 0,
      to: hidden(call.to, watched.chain),
      from: call.from,
      kind: call.kind,
      ...(step === undefined ? {} : { step }),
      args: isKept ? watched.args : {},
      ...(isKept ? {} : { args_omitted: size }),
      ...part,
    } satisfies RecordedAnswer);
    return new Promise((resolve, reject) => {
      const lost = () => reject(new PypesError('canceled', 'The run has gone on elsewhere'));
      writer.add({ write: () => line, stored: () => resolve(), lost });
    });
  }

  return {
    underWay,
    recall: own.take,
    giveBack: own.giveBack,
    answer(call, watched, next) {
      const answering = answer(call, watched, next);
      underWay.add(answering);
      const done = () => void underWay.delete(answering);
      answering.then(done, done);
      return answering;
    },
  };
}

type Part = Omit<RecordedAnswer, 'n' | 'key' | 'in' | 'to' | 'from' | 'kind' | 'step' | 'args' | 'args_omitted'>;

function replyPart(
  { to }: Call,
  { output, labels, fields }: Reply,
  { chain }: WatchedCall,
): Omit<Part, 'started_at' | 'finished_at'> {
  const shown = to.startsWith(VAULT) ? undefined : (chain?.json(output) ?? output);
  const about = {
    labels: [...labels],
    ...(fields === undefined || fields.size === 0
      ? {}
      : { fields: [...fields].map(([pointer, marks]) => [pointer, [...marks]] as const) }),
  };
  return shown === output ? { output: output as Json, ...about } : { ...about, redacted: true };
}

function errorPart(error: unknown, { chain }: WatchedCall): Omit<Part, 'started_at' | 'finished_at'> {
  const { code, message, details } = toPypesError(error);
  const whole = { code, message, ...(details === undefined ? {} : { details: details as JsonObject }) };
  const shown = chain?.json(whole) ?? whole;
  return {
    error: shown,
    labels: [...(labelsOfError(error) ?? NO_LABELS)],
    ...(shown === whole ? {} : { redacted: true }),
  };
}

function toReply({ output, error, labels, fields }: RecordedAnswer): Reply {
  const marks = new Set(labels);
  if (error === undefined) {
    return {
      output: output ?? null,
      labels: marks,
      ...(fields === undefined ? {} : { fields: new Map(fields.map(([pointer, each]) => [pointer, new Set(each)])) }),
    };
  }
  const code: ErrorCode = Object.hasOwn(ERRORS, error.code) ? (error.code as ErrorCode) : 'internal';
  const told = new PypesError(code, error.message, error.details === undefined ? {} : { details: error.details });
  markError(told, marks);
  throw told;
}
