// What is said of host calls once something has become of them: answered, failed, or stopped by which rule.
import type { Approval, Call, Json, PypesError, Reply } from '@pypes/contract';
import type { RunTrace } from '@pypes/contract/runs';
import { actorOf, endFacts, hidden, MODEL_CALL, type WatchedCall } from './call-facts.ts';
import type { EventLog } from './event-log.ts';
import { isRefusal, toPolicyEvents } from './refusal-events.ts';

/** What a call came to. */
export type CallOutcome = { readonly reply: Reply } | { readonly error: PypesError };

/** Says what becomes of calls. */
export interface CallEvents {
  /** The trace of what happens in a call; without one, in the run itself. */
  traceOf(call: WatchedCall | undefined): RunTrace;
  end(call: Call, of: WatchedCall, outcome: CallOutcome): void;
  /** The rule that stood against it; without a call, against the run. */
  sayPolicy(call: Call, error: PypesError, message: string, of?: WatchedCall): void;
  /** A person's yes stands on the trail of the call that it let through. */
  sayApprovals(call: Call, of: WatchedCall | undefined): void;
  /** A person is waited for. */
  sayRequest(request: Approval): void;
}

export function createCallEvents({
  events,
  trace,
  isDeterministic,
  now,
}: {
  readonly events: EventLog;
  readonly trace: RunTrace;
  readonly isDeterministic: boolean;
  readonly now: () => number;
}): CallEvents {
  /** Requests for a person's yes: waited for first, and refused with afterwards, they are one. */
  const requests = new Set<string>();

  function traceOf(call: WatchedCall | undefined): RunTrace {
    if (call === undefined) return trace;
    return { trace_id: trace.trace_id, span_id: call.span, parent_span_id: call.parent?.span ?? trace.span_id };
  }

  function end(call: Call, of: WatchedCall, outcome: CallOutcome): void {
    const about = { call: of.n, tool: hidden(call.to, of.chain), from: call.from };
    const took = isDeterministic ? {} : { duration_ms: now() - of.began };
    const at = traceOf(of);
    if ('reply' in outcome) {
      events.say({
        type: call.to === MODEL_CALL ? 'model.call.finished' : 'tool.call.finished',
        actor: actorOf(call),
        trace: at,
        attrs: { ...about, ...endFacts(call, outcome.reply.output, of.chain), ...took },
      });
      return;
    }
    const { error } = outcome;
    const message = hidden(error.message, of.chain);
    const told = { ...about, status: 'error', error: { type: error.code, message } };
    // What failed after it was let in has failed by itself, unless it is an operation that refuses.
    if (of.state === 'failed' && !(call.kind === 'capability' && isRefusal(error))) {
      const type = call.to === MODEL_CALL ? 'model.call.finished' : 'tool.call.finished';
      events.say({ type, severity: 'error', actor: actorOf(call), trace: at, attrs: { ...told, ...took } });
      return;
    }
    events.say({ type: 'tool.call.blocked', severity: 'warn', actor: 'policy', trace: at, attrs: told });
    sayPolicy(call, error, message, of);
  }

  function sayPolicy(call: Call, error: PypesError, message: string, of?: WatchedCall): void {
    for (const event of toPolicyEvents(call, error, message)) {
      if (event.type === 'approval.requested' && !isNew(event.attrs.approval)) continue;
      const attrs = of === undefined ? event.attrs : { call: of.n, ...event.attrs };
      events.say({ ...event, trace: traceOf(of), attrs });
    }
  }

  function isNew(approval: Json | undefined): boolean {
    if (typeof approval !== 'string') return true;
    const isKnown = requests.has(approval);
    requests.add(approval);
    return !isKnown;
  }

  function sayApprovals(call: Call, of: WatchedCall | undefined): void {
    for (const { policy, decision, reason } of call.trail?.notes ?? []) {
      if (decision !== 'approve') continue;
      events.say({
        type: 'approval.granted',
        actor: 'policy',
        trace: traceOf(of),
        attrs: {
          ...(of === undefined ? {} : { call: of.n }),
          tool: call.to,
          policy,
          ...(reason === undefined || isDeterministic ? {} : { reason }),
        },
      });
    }
  }

  return {
    traceOf,
    end,
    sayPolicy,
    sayApprovals,
    sayRequest({ id, tool, from, policy, reason }) {
      if (!isNew(id)) return;
      const attrs = { tool, from, policy, reason, approval: id };
      events.say({ type: 'approval.requested', severity: 'warn', actor: 'policy', attrs });
    },
  };
}
