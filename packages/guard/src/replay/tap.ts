// Records calls: one policy outside of all others and one inside, so that it sees what came, what was decided, and what
// the agent answered.
import { type Call, type DecisionTrail, fitsJsonSize, type Json, jsonSize, type Policy } from '@pypes/contract';
import { Trail } from '../trail.ts';
import type { Moment, RecordedRun } from './recorded-call.ts';
import { type AboutCall, type Ended, type Kept, toRecord } from './to-record.ts';

export type TapOptions = {
  /** A run, once its outermost call has ended. */
  readonly write: (run: RecordedRun) => void;
  /** Whatever goes wrong while recording. Calls go on. */
  readonly onError: (error: unknown) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly about?: (call: Call) => AboutCall;
  /** A larger value is left out. Bytes of JSON text. */
  readonly mostValueBytes?: number;
  /** What runs under way may hold together; further calls of theirs are counted alone. Bytes. */
  readonly mostWaitingBytes?: number;
};

/** The two policies. All others stand between them. */
export type Tap = { readonly outer: Policy; readonly inner: Policy };

const MEBIBYTE = 1024 * 1024;
/** What a record takes besides its values. */
const RECORD_BYTES = 1024;

/**
 * A call is kept until the outermost call of its run has ended: a secret that is opened late has to be cut out of what
 * was recorded early. A record's times are of one clock that never goes back (spec 4, replay).
 *
 * @example
 * const { outer, inner } = createTap({ write: (run) => file.write(toRecordingLines(run)), onError, now: Date.now });
 * const guard = compose([outer, ...policies, inner], runAgent);
 */
export function createTap(options: TapOptions): Tap {
  const { write, onError, now, about = () => ({}) } = options;
  const { mostValueBytes = 4 * MEBIBYTE, mostWaitingBytes = 64 * MEBIBYTE } = options;
  const groups = new Map<string, Group>();
  const kept = new WeakMap<DecisionTrail, Open>();
  let waitingBytes = 0;
  let lastTime = 0;
  let order = 0;

  function moment(): Moment {
    lastTime = Math.max(lastTime, now());
    order += 1;
    return [lastTime, order];
  }

  /** A recorder must not be what a call fails of. */
  function attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      onError(error);
    }
  }

  /** Whether a value is kept. */
  function take(group: Group, value: Json): boolean {
    return fitsJsonSize(value, mostValueBytes) && reserve(group, jsonSize(value));
  }

  function reserve(group: Group, bytes: number): boolean {
    if (waitingBytes + bytes > mostWaitingBytes) return false;
    waitingBytes += bytes;
    group.bytes += bytes;
    return true;
  }

  function begin(call: Call, trail: DecisionTrail): void {
    const root = call.root ?? call.run;
    const group = groups.get(root) ?? { root, ended: [], open: 0, lost: 0, bytes: 0 };
    groups.set(root, group);
    group.open += 1;
    const arrived = moment();
    const isLost = !reserve(group, RECORD_BYTES);
    kept.set(trail, { call, trail, group, arrived, isLost, hasArgs: !isLost && take(group, call.args) });
  }

  function end(trail: DecisionTrail, failure?: { readonly error: unknown }): void {
    const call = kept.get(trail);
    if (call === undefined) return;
    const { group } = call;
    group.open -= 1;
    if (call.isLost) group.lost += 1;
    else group.ended.push({ ...call, left: moment(), ...(failure === undefined ? {} : { failure }) });
    if (group.open > 0 && !isOutermost(call.call)) return;
    // What is left of the run, if anything, is written by itself.
    if (groups.get(group.root) === group) groups.delete(group.root);
    waitingBytes -= group.bytes;
    group.bytes = 0;
    const { ended, lost } = group;
    group.ended = [];
    group.lost = 0;
    if (ended.length === 0 && lost === 0) return;
    ended.sort((a, b) => a.arrived[1] - b.arrived[1]);
    write({ root: group.root, lost, calls: ended.map((each) => toRecord(each, about(each.call))) });
  }

  return {
    async outer(made, next) {
      const trail = made.trail ?? new Trail();
      const call = made.trail === undefined ? { ...made, trail } : made;
      attempt(() => begin(call, trail));
      try {
        const reply = await next(call);
        attempt(() => end(trail));
        return reply;
      } catch (error) {
        attempt(() => end(trail, { error }));
        throw error;
      }
    },
    async inner(call, next) {
      const open = call.trail && kept.get(call.trail);
      if (open === undefined) return next(call);
      try {
        const reply = await next(call);
        attempt(() => {
          const hasOutput = !open.isLost && take(open.group, reply.output);
          open.answer = { at: moment(), reply, hasOutput };
        });
        return reply;
      } catch (error) {
        attempt(() => {
          open.answer = { at: moment(), error };
        });
        throw error;
      }
    },
  };
}

/** The calls of one outermost call. */
type Group = { readonly root: string; ended: Ended[]; open: number; lost: number; bytes: number };

type Open = Kept & { readonly group: Group; readonly isLost: boolean };

function isOutermost({ kind, root, run }: Call): boolean {
  return root === undefined || (kind === 'agent' && root === run);
}
