// What the labels policy says when it stops a call: which label, from where, at which argument, and what to do.
import type { Call } from '@pypes/contract';
import type { Sink } from '../flow/labels.ts';
import type { Mark } from '../flow/lattice.ts';

/**
 * Why a call is stopped.
 *
 * - `carried`: the argument carries the mark and nothing says otherwise
 * - `unproven`, `named`, `copied`: see `Doubt`
 * - `unanchored`: nothing in the call is proven
 * - `bits`: too many values that nothing proves; `part` says how many bits
 * - `stopped-before`: untrusted data tried to decide a call before; `part` says which
 */
export type FlowReason = {
  readonly mark: Mark;
  readonly why: 'carried' | 'unproven' | 'named' | 'copied' | 'unanchored' | 'bits' | 'stopped-before';
  readonly sink: Sink;
  /** JSON pointer of the argument; the empty one is the whole call. */
  readonly pointer: string;
  /** The labels of that mark, with their origins. */
  readonly labels: readonly string[];
  /** What it is about: a part of the argument. */
  readonly part?: string;
  readonly is_destination?: boolean;
  /** A declared flow that speaks about the argument, and why it does not hold. */
  readonly declared?: string;
};

/** The first reason in words, and what to do about it. */
export function describeReasons(call: Call, reasons: readonly FlowReason[]): string {
  const [first] = reasons;
  const rest = reasons.length > 1 ? ` (and ${reasons.length - 1} more)` : '';
  return first === undefined ? '' : `${say(call, first)}${rest}. ${advise(call, first)}`;
}

const LONGEST_PART = 80;

function say(call: Call, reason: FlowReason): string {
  const where = reason.pointer === '' ? 'The call' : `The argument ${reason.pointer}`;
  const from = `(${reason.labels.join(', ')})`;
  const part = `"${(reason.part ?? '').slice(0, LONGEST_PART)}"`;
  const to = `"${call.to}", which goes to ${reason.sink}`;
  switch (reason.why) {
    case 'carried':
      return `${where} of ${to}, carries ${reason.mark} data ${from}${reason.declared === undefined ? '' : `; it ${reason.declared}`}`;
    case 'unproven':
      return `${where} of ${to}, has ${part}, which neither the person nor a trusted result said, after untrusted data was read ${from}`;
    case 'named':
      return `${where} of ${to}, has ${part}, which untrusted data names ${from} and the person did not`;
    case 'copied':
      return `${where} of ${to}, has ${part} word for word from untrusted data ${from}`;
    case 'unanchored':
      return `Nothing in the call to ${to}, comes from the person or a trusted result, and untrusted data was read ${from}`;
    case 'bits':
      return `The call to ${to}, has ${part} bits of values that nothing proves, after untrusted data was read ${from}; more than are left`;
    case 'stopped-before':
      return `The call to ${to}, comes after untrusted data ${from} tried to decide a call to ${part}`;
  }
}

function advise(call: Call, reason: FlowReason): string {
  const at = reason.pointer === '' ? '' : `, at = "${reason.pointer}"`;
  const verb = reason.mark === 'private' ? 'declassify' : 'endorse';
  return `Where that is intended, ${verb} it: declare {from = "${call.from}", to = "${call.to}", mark = "${reason.mark}"${at}, type = …, bits = …}, or let a person approve the call`;
}
