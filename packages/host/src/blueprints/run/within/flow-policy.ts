// `use = "labels"` of a blueprint: what the check before the run promises about private and untrusted data, held to
// while it runs. Labels come from the steps and components of the run, releases have been taken off them.
import { type Call, PypesError } from '@pypes/contract';
import type { PolicyEntry } from '../../blueprint.ts';
import type { Sends } from '../../guard-check.ts';
import { hasMark, type Labels, markOf } from '../guard-flow.ts';
import type { Ask } from '../guard-policies.ts';
import type { FreeBits } from './reader.ts';

/** One call, with what it carries. */
export type FlowFacts = {
  readonly call: Call;
  readonly sends: readonly Sends[];
  /** JSON pointers of the arguments that decide where it goes. */
  readonly destinations: readonly string[];
  /** Everything that the call carries. */
  readonly all: Labels;
  /** What the arguments at a pointer carry, or what lies within or around it. */
  readonly at: (pointer: string) => Labels;
  /** A person says yes to each such call. */
  readonly isApproved: boolean;
};

/** @throws PypesError `policy_denied`, `approval_required` */
export type FlowPolicy = (facts: FlowFacts) => Promise<void>;

const WAYS_OUT: readonly Sends[] = ['network', 'message'];

/**
 * Denies, or asks a person where the table has `action = "approve"`. Where bits are free, the check before the run has
 * counted them.
 */
export function createFlowPolicy({ settings }: PolicyEntry, freeBits: FreeBits, ask: Ask): FlowPolicy {
  return async (facts) => {
    const found = judge(facts, freeBits);
    if (found === undefined) return;
    const { call } = facts;
    if (settings.action === 'approve') {
      await ask(call, { policy: 'labels', reason: found.reason });
      return;
    }
    call.trail?.note({ policy: 'labels', decision: 'deny', reason: found.reason });
    throw new PypesError('policy_denied', found.reason, {
      details: { policy: 'labels', mark: found.mark, pointer: found.pointer, labels: found.labels },
    });
  };
}

function judge({ call, sends, destinations, all, at, isApproved }: FlowFacts, freeBits: FreeBits) {
  if (freeBits.private === 0 && sends.some((item) => WAYS_OUT.includes(item)) && hasMark(all, 'private')) {
    return toReason('private', '', all, `Private data would leave by "${call.to}"`);
  }
  if (isApproved || freeBits.untrusted > 0 || !hasMark(all, 'untrusted')) return undefined;
  if (sends.includes('destructive')) {
    return toReason('untrusted', '', all, `Untrusted data would decide over "${call.to}", which cannot be undone`);
  }
  if (sends.length === 0) return undefined;
  const pointer = destinations.find((to) => hasMark(at(to), 'untrusted'));
  if (pointer === undefined) return undefined;
  return toReason(
    'untrusted',
    pointer,
    at(pointer),
    `Untrusted data would decide "${pointer.slice(1)}" of "${call.to}"`,
  );
}

function toReason(mark: 'private' | 'untrusted', pointer: string, labels: Labels, what: string) {
  const carried = [...labels].filter((label) => markOf(label) === mark).sort();
  return { mark, pointer, labels: carried, reason: `${what}: it carries ${carried.join(', ')}` };
}
