// audit: one record for every decision of the guard, whatever the decision was.
import {
  type Call,
  type Decision,
  type DecisionNote,
  type ErrorCode,
  isPypesError,
  type Policy,
} from '@pypes/contract';
import { Trail } from '../trail.ts';

/**
 * What was decided about one call. `deny` means that the guard stopped it, `defer` that a person has to say yes first;
 * `code` says why, or how the agent failed. `policies` has what single policies decided.
 */
export type AuditRecord = {
  readonly time: string;
  readonly run: string;
  /** The run of the outermost call, where that is another one. */
  readonly root?: string;
  readonly from: string;
  readonly to: string;
  readonly pack_guid: string;
  readonly user_guid?: string;
  readonly tenant?: string;
  readonly decision: Decision;
  readonly code?: ErrorCode | 'internal';
  readonly policies?: readonly DecisionNote[];
  readonly duration_ms: number;
};

/** Where the records go, and the clock (milliseconds since 1970). */
export type AuditSink = { readonly write: (record: AuditRecord) => void; readonly now?: () => number };

/**
 * Records every call that passes or is stopped. Goes first in the chain, so that it sees what all others decide.
 *
 * @example
 * audit({ write: (record) => lines.push(JSON.stringify(record)) });
 */
export function audit(sink: AuditSink): Policy {
  const now = sink.now ?? Date.now;
  return async (made, next) => {
    const began = now();
    const call = made.trail === undefined ? { ...made, trail: new Trail() } : made;
    try {
      const reply = await next(call);
      sink.write(toRecord(call, began, now(), 'allow'));
      return reply;
    } catch (error) {
      const code = isPypesError(error) ? error.code : 'internal';
      sink.write(toRecord(call, began, now(), stoppedHow(code), code));
      throw error;
    }
  };
}

function stoppedHow(code: ErrorCode): Decision {
  if (code === 'approval_required') return 'defer';
  return STOPPED_BY_GUARD.has(code) ? 'deny' : 'allow';
}

/** What policies throw; everything else is a failure of an agent that was allowed to run. */
const STOPPED_BY_GUARD: ReadonlySet<string> = new Set<ErrorCode>([
  'policy_denied',
  'invalid_input',
  'invalid_output',
  'too_large',
  'output_too_large',
  'rate_limited',
]);

function toRecord(call: Call, began: number, ended: number, decision: Decision, code?: ErrorCode): AuditRecord {
  const notes = call.trail?.notes ?? NONE;
  const record: { -readonly [K in keyof AuditRecord]: AuditRecord[K] } = {
    time: isoTime(began),
    run: call.run,
    from: call.from,
    to: call.to,
    pack_guid: call.packGuid,
    decision: decision === 'allow' ? strongest(notes) : decision,
    duration_ms: ended - began,
  };
  if (call.root !== undefined && call.root !== call.run) record.root = call.root;
  if (call.userGuid !== undefined) record.user_guid = call.userGuid;
  if (call.tenant !== undefined) record.tenant = call.tenant;
  if (code !== undefined) record.code = code;
  if (notes.length > 0) record.policies = notes;
  return record;
}

const NONE: readonly DecisionNote[] = [];

/** A call that went through: with a person's yes, changed, or as it was. */
function strongest(notes: readonly DecisionNote[]): Decision {
  if (notes.length === 0) return 'allow';
  if (notes.some(({ decision }) => decision === 'approve')) return 'approve';
  return notes.some(({ decision }) => decision === 'modify') ? 'modify' : 'allow';
}

const SECOND = 1_000;
let lastSecond = -1;
let lastText = '';

/** Many records share a second under load, and formatting a time is most of a record's cost. */
function isoTime(time: number): string {
  const milliseconds = time % SECOND;
  if (!Number.isInteger(time) || milliseconds < 0) return new Date(time).toISOString();
  const second = time - milliseconds;
  if (second !== lastSecond) {
    lastText = new Date(second).toISOString().slice(0, -'000Z'.length);
    lastSecond = second;
  }
  return `${lastText}${String(milliseconds).padStart(3, '0')}Z`;
}
