// labels: what was read decides where a call may go; private data stays in, untrusted data decides nothing.
import { type Call, type JsonSchema, type Next, type Policy, PypesError, type Reply } from '@pypes/contract';
import { Context, type Contexts } from '../flow/contexts.ts';
import { type DeclaredFlow, isReleased, type Release, releasesOf } from '../flow/declared.ts';
import { labelsOfError, markError } from '../flow/error-labels.ts';
import { readLabels, type Sink, sinksOf, type ToolLabels } from '../flow/labels.ts';
import {
  allLabels,
  type FieldLabels,
  hasMark,
  isWithin,
  joinLabels,
  type Labels,
  labelsAt,
  type Mark,
  markOf,
  NO_LABELS,
} from '../flow/lattice.ts';
import { leavesOf } from '../flow/leaves.ts';
import { judgeArguments } from '../flow/provenance/judge.ts';
import { note } from '../trail.ts';
import { describeReasons, type FlowReason } from './labels-refusal.ts';

/** What is known about the callee: its labels, and the schema of its arguments. */
export type CalleeLabels = ToolLabels & { readonly parameters?: JsonSchema };

/** What a person is asked. */
export type FlowQuestion = {
  readonly call: Call;
  readonly reasons: readonly FlowReason[];
  /** The first of them in words. */
  readonly reason: string;
};

/** How the policy decides. */
export type LabelsOptions = {
  /** Undefined for what nothing is known about: it reads nothing and sends nothing. */
  readonly about: (call: Call) => CalleeLabels | undefined;
  readonly contexts: Contexts;
  readonly declared?: readonly DeclaredFlow[];
  /** Bits of values that nothing proves, in calls that a model decides. 64 for a call and 128 for a context by default. */
  readonly unproven?: { readonly bitsPerCall: number; readonly bitsPerContext: number };
  /** `ask` (default): after a call was stopped because of untrusted data, every other one is, until a person says yes. */
  readonly afterStop?: 'ask' | 'continue';
  readonly action?: 'deny' | 'approve';
  /** A person's yes to this one call; may throw where they have to be waited for. */
  readonly approve?: (question: FlowQuestion) => Promise<boolean>;
};

/** Where private data must not go. */
const WAYS_OUT: readonly Sink[] = ['network', 'message'];
const UNPROVEN = { bitsPerCall: 64, bitsPerContext: 128 };
const NO_FIELDS: FieldLabels = new Map();

/**
 * Denies (`policy_denied`, details `{policy: 'labels', reasons}`) a call that would bring private data out, or that
 * untrusted data decides, or sends it to a person. The reply carries what it was made from.
 *
 * Where nobody knows how a call came to be, everything that its context read may have decided it. In a model's context
 * (one that was opened with a prompt) single values are traced to the sources that the model has read. A call without
 * a context carries what it says it carries, and spends every budget alone.
 *
 * @example
 * labels({ about: (call) => tools.get(call.to), contexts: createContexts() });
 */
export function labels(options: LabelsOptions): Policy {
  const { about, contexts, action = 'deny', approve } = options;
  if (action === 'approve' && approve === undefined) {
    throw new PypesError(
      'invalid_request',
      'The labels policy has action "approve" and nobody to ask; give it approve',
    );
  }
  return async (call, next) => {
    const context = call.context === undefined ? new Context(undefined) : contexts.of(call.context);
    const callee = about(call);
    const carried = joinLabels(call.labels, context.labels);
    const given = carried === call.labels ? call : { ...call, labels: carried };
    if (callee !== undefined) await decide(given, callee, context);
    // What chose the arguments chose the reply, as it was known when the call was made.
    const isChosen = context.sources?.isChosenByUntrusted(call.args) ?? false;
    return record(given, callee, context, await reach(given, callee, context, next), isChosen);
  };

  async function decide(call: Call, callee: CalleeLabels, context: Context): Promise<void> {
    const { reasons, costs } = judgeCall(call, callee, context, options);
    if (reasons.length === 0) {
      for (const [what, bits] of costs) context.spend(what, bits);
      return;
    }
    // Until a person has looked at it the context is not believed, also where asking takes a while or fails.
    const before = context.stopped;
    if (reasons.some(({ mark }) => mark === 'untrusted')) context.stopped ??= call.to;
    const reason = describeReasons(call, reasons);
    if (action === 'approve' && (await approve?.({ call, reasons, reason })) === true) {
      if (before === undefined || before === call.to) context.stopped = undefined;
      return;
    }
    note(call, 'labels', 'deny', reason);
    throw new PypesError('policy_denied', reason, {
      details: { policy: 'labels', reasons: reasons.slice(0, MOST_SHOWN) },
    });
  }
}

/** So many reasons are told; the first says what to do. */
const MOST_SHOWN = 20;

/**
 * Joins labels without deciding anything, so that they are known, and stored, before anybody asks for them to be kept.
 *
 * @example
 * compose([carryLabels({ about, contexts }), labels({ about, contexts })], run);
 */
export function carryLabels({ about, contexts }: Pick<LabelsOptions, 'about' | 'contexts'>): Policy {
  return (call, next) => {
    const callee = about(call);
    // Most calls: nothing is known, and there is no context that would have read the reply.
    const isPlain = callee === undefined && call.context === undefined;
    return isPlain && call.labels.size === 0 && call.fields === undefined ? next(call) : carry(call, callee, next);
  };

  async function carry(call: Call, callee: CalleeLabels | undefined, next: Next): Promise<Reply> {
    const context = call.context === undefined ? new Context(undefined) : contexts.of(call.context);
    const carried = joinLabels(call.labels, context.labels);
    const given = carried === call.labels ? call : { ...call, labels: carried };
    return record(given, callee, context, await reach(given, callee, context, next), false);
  }
}

type Verdict = {
  readonly reasons: readonly FlowReason[];
  readonly costs: readonly (readonly [what: DeclaredFlow | 'unproven', bits: number])[];
};

function judgeCall(call: Call, callee: CalleeLabels, context: Context, options: LabelsOptions): Verdict {
  const sinks = sinksOf(callee);
  const all = call.fields === undefined ? call.labels : joinLabels(call.labels, allLabels(call.fields));
  if (sinks.length === 0 || all.size === 0) return { reasons: [], costs: [] };
  const out = sinks.find((sink) => WAYS_OUT.includes(sink));
  const verdicts: Verdict[] = [];
  if (out !== undefined && hasMark(all, 'private')) verdicts.push(judgePrivate(call, out, context, options));
  if (hasMark(all, 'untrusted')) verdicts.push(judgeUntrusted(call, callee, sinks, context, options));
  return { reasons: verdicts.flatMap(({ reasons }) => reasons), costs: verdicts.flatMap(({ costs }) => costs) };
}

/** Every argument that carries private data needs a declared flow. */
function judgePrivate(call: Call, sink: Sink, context: Context, { declared = [] }: LabelsOptions): Verdict {
  const releases = releasesOf(declared, call, 'private', (flow) => context.spentOn(flow));
  const carriers = carriersOf(call, 'private').filter(({ pointer }) => !isReleased(releases, pointer));
  return {
    reasons: carriers.map((carrier) => toReason('private', 'carried', sink, carrier, releases)),
    costs: costsOf(releases),
  };
}

/** What decides the call must not be untrusted: its destination, or all of it, and whether it is made at all. */
function judgeUntrusted(
  call: Call,
  callee: CalleeLabels,
  sinks: readonly Sink[],
  context: Context,
  options: LabelsOptions,
): Verdict {
  const [sink = 'write'] = sinks;
  const origin = { pointer: '', labels: call.labels };
  const releases = releasesOf(options.declared ?? [], call, 'untrusted', (flow) => context.spentOn(flow));
  if (context.stopped !== undefined && options.afterStop !== 'continue' && hasMark(call.labels, 'untrusted')) {
    return {
      reasons: [{ ...toReason('untrusted', 'stopped-before', sink, origin, []), part: context.stopped }],
      costs: [],
    };
  }
  const carriers = carriersOf(call, 'untrusted').filter(({ pointer }) => !isReleased(releases, pointer));
  const { sources } = context;
  if (sources === undefined) {
    const deciding = sinks.includes('destructive') ? carriers : decidingOf(call, callee, carriers);
    const reasons = deciding.map((carrier) => toReason('untrusted', 'carried', sink, carrier, releases));
    return { reasons: reasons.length === 0 ? undecided(call, sink, releases) : reasons, costs: costsOf(releases) };
  }
  const byPointer = new Map(carriers.map((carrier) => [carrier.pointer, carrier]));
  const { doubts, bits } = judgeArguments(
    call.args,
    { ...callee, name: call.to },
    sources,
    (pointer) => !byPointer.has(pointer),
  );
  const reasons = doubts.map(
    (doubt): FlowReason => ({
      ...toReason('untrusted', doubt.why, sink, byPointer.get(doubt.pointer) ?? origin, releases),
      part: doubt.part,
      is_destination: doubt.isDestination,
    }),
  );
  const { bitsPerCall, bitsPerContext } = options.unproven ?? UNPROVEN;
  if (bits > bitsPerCall || context.spentOn('unproven') + bits > bitsPerContext) {
    reasons.push({ ...toReason('untrusted', 'bits', sink, origin, releases), part: String(Math.ceil(bits)) });
  }
  return { reasons, costs: [...costsOf(releases), ['unproven', bits]] };
}

type Carrier = { readonly pointer: string; readonly labels: Labels };

/** The leaves of the arguments that carry a mark, names of members and empty containers included. */
function carriersOf({ args, labels, fields = NO_FIELDS }: Call, mark: Mark): readonly Carrier[] {
  const carriers = new Map<string, Carrier>();
  for (const { pointer } of leavesOf(args)) {
    const carried = fields.size === 0 ? labels : joinLabels(labels, labelsAt(fields, pointer));
    if (hasMark(carried, mark)) carriers.set(pointer, { pointer, labels: carried });
  }
  return [...carriers.values()];
}

/** Where a call has destinations only they decide; where it has none, all of it does. */
function decidingOf(call: Call, { destinations = [] }: CalleeLabels, carriers: readonly Carrier[]): readonly Carrier[] {
  const given = destinations.filter((at) => [...leavesOf(call.args)].some(({ pointer }) => isWithin(pointer, at)));
  return given.length === 0 ? carriers : carriers.filter(({ pointer }) => given.some((at) => isWithin(pointer, at)));
}

/** A call without a single argument is decided by nothing but the context. */
function undecided(call: Call, sink: Sink, releases: readonly Release[]): readonly FlowReason[] {
  if (!hasMark(call.labels, 'untrusted') || leavesOf(call.args).next().done !== true) return [];
  return [toReason('untrusted', 'unanchored', sink, { pointer: '', labels: call.labels }, releases)];
}

function toReason(
  mark: Mark,
  why: FlowReason['why'],
  sink: Sink,
  { pointer, labels }: Carrier,
  releases: readonly Release[],
): FlowReason {
  const carried = [...labels].filter((label) => markOf(label) === mark).sort();
  const failed = releases.find((release) => 'problem' in release && isWithin(pointer, release.flow.at));
  return {
    mark,
    why,
    sink,
    pointer,
    labels: carried,
    ...(failed !== undefined && 'problem' in failed ? { declared: failed.problem } : {}),
  };
}

function costsOf(releases: readonly Release[]): Verdict['costs'] {
  return releases.flatMap((release) => ('bits' in release ? [[release.flow, release.bits] as const] : []));
}

/** The reply. An error is read like one: what the callee read, and what it was given, may stand in its text. */
async function reach(call: Call, callee: CalleeLabels | undefined, context: Context, next: Next): Promise<Reply> {
  try {
    return await next(call);
  } catch (error) {
    const found = labelsOfError(error);
    if (found !== undefined) {
      const read = callee === undefined ? NO_LABELS : readLabels(callee.reads, call.to);
      const given = joinLabels(call.labels, allLabels(call.fields ?? NO_FIELDS));
      const whole = joinLabels(joinLabels(found, read), given);
      markError(error, whole);
      context.sources?.read(error instanceof Error ? error.message : String(error), whole, NO_FIELDS, call.args);
      context.join(whole);
    }
    throw error;
  }
}

/** Joins what the reply carries, and takes it into the context. */
function record(
  call: Call,
  callee: CalleeLabels | undefined,
  context: Context,
  reply: Reply,
  isChosen: boolean,
): Reply {
  const { sources } = context;
  const fields = reply.fields ?? NO_FIELDS;
  const read = callee === undefined || reply.fields !== undefined ? NO_LABELS : readLabels(callee.reads, call.to);
  const made =
    sources === undefined ? joinLabels(call.labels, allLabels(call.fields ?? NO_FIELDS)) : chosenBy(call, isChosen);
  const whole = joinLabels(joinLabels(reply.labels, read), made);
  sources?.read(reply.output, whole, fields, call.args);
  context.join(joinLabels(whole, allLabels(fields)));
  return whole === reply.labels ? reply : { ...reply, labels: whole };
}

/** A model's arguments are its own: a reply is untrusted where they say what only untrusted texts say. */
function chosenBy(call: Call, isChosen: boolean): Labels {
  const carried = new Set([...call.labels].filter((label) => isChosen || markOf(label) !== 'untrusted'));
  return carried.size === 0 ? NO_LABELS : carried;
}
