// audit: one record for every decision of the guard, whatever the decision was.
import { type Call, type ErrorCode, isPypesError, type Policy } from '@pypes/contract';

/** What was decided about one call. `deny` means that the guard stopped it; `code` says why, or how the agent failed. */
export type AuditRecord = {
  readonly time: string;
  readonly run: string;
  readonly from: string;
  readonly to: string;
  readonly pack_guid: string;
  readonly user_guid?: string;
  readonly decision: 'allow' | 'deny';
  readonly code?: ErrorCode | 'internal';
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
  return async (call, next) => {
    const began = now();
    try {
      const reply = await next(call);
      sink.write(toRecord(call, began, now(), 'allow'));
      return reply;
    } catch (error) {
      const code = isPypesError(error) ? error.code : 'internal';
      sink.write(toRecord(call, began, now(), STOPPED_BY_GUARD.has(code) ? 'deny' : 'allow', code));
      throw error;
    }
  };
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

function toRecord(
  call: Call,
  began: number,
  ended: number,
  decision: AuditRecord['decision'],
  code?: ErrorCode,
): AuditRecord {
  return {
    time: isoTime(began),
    run: call.run,
    from: call.from,
    to: call.to,
    pack_guid: call.packGuid,
    ...(call.userGuid === undefined ? {} : { user_guid: call.userGuid }),
    decision,
    ...(code === undefined ? {} : { code }),
    duration_ms: ended - began,
  };
}

let lastTime = -1;
let lastText = '';

/** Many records share a millisecond under load, and formatting one is most of a record's cost. */
function isoTime(time: number): string {
  if (time !== lastTime) {
    lastTime = time;
    lastText = new Date(time).toISOString();
  }
  return lastText;
}
