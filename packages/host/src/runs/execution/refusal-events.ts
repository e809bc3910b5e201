// A refusal of the guard, as events: what was blocked, and by which kind of rule.
import { type Call, type ErrorCode, isJsonObject, type JsonObject, type PypesError } from '@pypes/contract';
import type { NewEvent } from './event-log.ts';

const VIOLATION: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['policy_denied', 'forbidden']);
const BUDGET: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'rate_limited',
  'resource_exhausted',
  'too_large',
  'output_too_large',
]);

/** Whether an operation that failed like this was refused rather than broken. */
export function isRefusal({ code }: PypesError): boolean {
  return VIOLATION.has(code) || code === 'approval_required';
}

/** What is said of the rule; the call itself is said to be blocked beside it. */
export function toPolicyEvents({ to }: Call, error: PypesError, message: string): readonly NewEvent[] {
  const { code, details } = error;
  const approval = isJsonObject(details?.approval) ? details.approval : undefined;
  const about: JsonObject = {
    tool: to,
    ...(typeof details?.policy === 'string' ? { policy: details.policy } : {}),
    ...(typeof approval?.id === 'string' ? { approval: approval.id } : {}),
    ...(typeof details?.limit === 'string' ? { limit: details.limit } : {}),
    ...(typeof details?.maximum === 'number' ? { maximum: details.maximum } : {}),
    error: { type: code, message },
  };
  const say = (type: NewEvent['type']): readonly NewEvent[] => [
    { type, severity: 'warn', actor: 'policy', attrs: about },
  ];
  if (code === 'approval_required') return say('approval.requested');
  if (approval?.state === 'denied') return say('approval.denied');
  if (BUDGET.has(code) || details?.policy === 'data-budget') return say('policy.budget_exceeded');
  return VIOLATION.has(code) ? say('policy.violation') : [];
}
