// One run of a blueprint as the host sees it: each call with its edge, and with what it carries. Only what is wired can
// be called, nothing has more than the blueprint leaves it, and every value keeps its labels (spec 4, pypes run).
import { type Call, type Json, type JsonObject, type Policy, PypesError, withGrant } from '@pypes/contract';
import type { Route, Within } from '../../../calls/within.ts';
import type { Pack } from '../../../packs/pack.ts';
import type { Blueprint, Step, Wire } from '../../blueprint.ts';
import { suggestion } from '../../did-you-mean.ts';
import { type FullLabels, labelsOf, type Part } from '../../graph/components.ts';
import { type Party, WORKFLOW } from '../../graph/coverage.ts';
import type { Mark } from '../../guard-check.ts';
import { checkPayload, payloadLimit } from '../engine/payload.ts';
import type { StepCall } from '../engine/run-step.ts';
import {
  allLabels,
  type FieldLabels,
  hasMark,
  joinLabels,
  type Labels,
  markOf,
  NO_LABELS,
  toStep,
} from '../guard-flow.ts';
import type { Edge, EdgePolicies } from './edge-policies.ts';
import { isAround } from './flow-policy.ts';
import { createForbidden, originLabel, type Place } from './forbidden.ts';
import { intersect, NO_PERMISSIONS } from './permissions.ts';
import type { Releases } from './releases.ts';

/** What a run is put together from. */
export type RunParts = {
  readonly blueprint: Blueprint;
  readonly parts: ReadonlyMap<string, Part>;
  /** By component, held open. */
  readonly packs: ReadonlyMap<string, Pack>;
  /** The id of the run. */
  readonly run: string;
  readonly policies: EdgePolicies;
  readonly releases: Releases;
};

/** A call of a step, ready for the host. */
export type ComposedCall = {
  readonly pack: Pack;
  readonly agent: string;
  readonly within: Within;
  /** What the call gave is made from; grows until it has ended. */
  read(): Labels;
  /** What single fields of its output carry besides. */
  readonly fields: FieldLabels;
};

/** What a called function has read; its replies and errors carry it. */
type Reader = { labels: Labels };

const MARKS: readonly Mark[] = ['private', 'untrusted'];
const CAPABILITY = 'context.';
/** Operations by which the world comes in: what a function's own labels say about it stands, these do not add to it. */
const OF_HOST = /^[a-z]+:context\./;

/** Composes the calls of one run. */
export function composeRun({ blueprint, parts, packs, run, policies, releases }: RunParts) {
  const forbidden = createForbidden(blueprint.forbidden);
  const used = new Map<Wire, number>();
  /** What components that keep state between calls have read in this run. */
  const states = new Map<string, Reader>();

  return { step: composeStep };

  /** @throws PypesError `not_found`, `unknown_agent` where the component or its function is not there */
  function composeStep({ step, labels, fields }: StepCall): ComposedCall {
    const { part, pack, name } = targetOf(step.component, step.function);
    const reader: Reader = { labels: NO_LABELS };
    const target = { part, pack, name, own: labelsOf(part, name) };
    const within = open({
      target,
      edge: { from: WORKFLOW, to: [{ component: part.name, function: name }], middleware: namesOf(step) },
      reader,
      control: labels,
      given: fields,
    });
    return {
      pack,
      agent: name,
      within: { ...within, labels, fields },
      read: () => readOf(target, reader),
      fields: fieldsOf(target),
    };
  }

  function targetOf(component: string, called: string | undefined) {
    const part = parts.get(component);
    const pack = packs.get(component);
    if (part === undefined || pack === undefined) {
      throw new PypesError('not_found', `The component "${component}" is not here; pypes check says what is missing`);
    }
    const names = Object.keys(part.facts.functions);
    const name = called ?? (names.length === 1 ? names[0] : undefined);
    if (name !== undefined && Object.hasOwn(part.facts.functions, name)) return { part, pack, name };
    throw new PypesError(
      'unknown_agent',
      `"${component}" has no function "${called ?? ''}"${suggestion(called ?? '', names)}`,
    );
  }

  /** Everything that holds for one call. */
  function open({
    target,
    edge,
    reader,
    wired,
    control = NO_LABELS,
    given = NO_FIELDS,
  }: Opening): Omit<Within, 'labels' | 'fields'> {
    const { part, name, own } = target;
    const place: Place = { component: part.name, function: name };
    const title = `${part.name}.${name}`;
    const state = part.isStateful ? stateOf(part.name) : undefined;

    const call: Policy = async (asked, next) => {
      const carried = wired === undefined ? allLabels(given) : enterWire(wired, asked.args);
      const all = joinLabels(control, carried);
      checkRefused(own, all, title);
      forbidden(place, all);
      reader.labels = joinLabels(joinLabels(reader.labels, all), state?.labels ?? NO_LABELS);
      try {
        const at = (pointer: string) => labelsAround(given, pointer, wired, carried);
        await judge(asked, edge, own, all, at);
        const reply = await viewed(asked, edge.from, title, policies.on(edge), next);
        if (wired !== undefined)
          leaveWire(wired, reply.output, joinLabels(readOf(target, reader), allLabels(fieldsOf(target))));
        return reply;
      } catch (error) {
        // What an error says was made from the same as a reply, and is of no declared type.
        if (wired !== undefined)
          join(wired.caller.reader, joinLabels(readOf(target, reader), allLabels(fieldsOf(target))));
        throw error;
      } finally {
        if (state !== undefined) join(state, reader.labels);
      }
    };

    const use: Policy = async (asked, next) => {
      const operation = asked.to.startsWith(CAPABILITY) ? asked.to.slice(CAPABILITY.length) : asked.to;
      const parties: readonly Party[] = [
        { component: 'context', function: operation },
        ...(operation.startsWith('ai.') ? [{ component: 'llm' }] : []),
      ];
      const way: Edge = { from: place, to: parties, middleware: [] };
      const sends = OUTWARD.has(operation) ? (['network'] as const) : [];
      // Where it leads was decided when the function was called; here only what must not leave counts.
      await judge(asked, way, { sends, destinations: [] }, reader.labels, () => NO_LABELS);
      const marked = { ...asked, labels: joinLabels(asked.labels, reader.labels) };
      const reply = await viewed(marked, place, asked.to, policies.on(way), next);
      const stored = joinLabels(reply.labels, allLabels(reply.fields ?? NO_FIELDS));
      join(reader, new Set([...stored].filter((label) => !OF_HOST.test(label))));
      forbidden(place, reader.labels);
      return reply;
    };

    return {
      root: run,
      call,
      use,
      permissions: (has) =>
        'path' in part.entry.reference ? withGrant(NO_PERMISSIONS, part.permissions) : intersect(has, part.permissions),
      provides: (wanted) => wireOf(part.name, wanted) !== undefined,
      route: (wanted, args) => follow(wanted, args, { place, reader }),
    };
  }

  async function judge(
    call: Call,
    edge: Edge,
    { sends, destinations }: Pick<FullLabels, 'sends' | 'destinations'>,
    all: Labels,
    at: (pointer: string) => Labels,
  ): Promise<void> {
    const isApproved = policies.covers('approve', edge);
    for (const rule of policies.flowOn(edge)) await rule({ call, sends, destinations, all, at, isApproved });
  }

  function follow(wanted: string, args: JsonObject, caller: Wired['caller']): Route {
    const { component } = caller.place;
    const wire = wireOf(component, wanted);
    if (wire === undefined) {
      const there = blueprint.wires.filter((each) => each.component === component).map((each) => each.import);
      throw new PypesError(
        'policy_denied',
        `"${component}" calls "${wanted}", and nothing is wired there${suggestion(wanted, there)}; add "${component}.${wanted}" = "COMPONENT.FUNCTION" to [wiring]`,
        { details: { policy: 'wiring', component, import: wanted } },
      );
    }
    const { part, pack, name } = targetOf(wire.provider.component, wire.provider.function);
    const edge: Edge = {
      from: caller.place,
      to: [{ component: part.name, function: name }],
      middleware: namesOf(wire),
    };
    const target = { part, pack, name, own: labelsOf(part, name) };
    const wired: Wired = { wire, caller, passage: { number: 0 } };
    const within = open({ target, edge, reader: { labels: NO_LABELS }, wired });
    return { pack, agent: name, args: { ...args, ...wire.fixed }, within };
  }

  function wireOf(component: string, wanted: string): Wire | undefined {
    const own = blueprint.wires.filter((wire) => wire.component === component);
    // A component names an import of another one by its interface too: `acme:mail/api@1.0.0#send`.
    const short = wanted.slice(wanted.lastIndexOf('#') + 1);
    return own.find((wire) => wire.import === wanted) ?? own.find((wire) => wire.import === short);
  }

  /** What the arguments carry: everything that the caller has read. */
  function enterWire({ wire, caller, passage }: Wired, args: JsonObject): Labels {
    const name = `${wire.component}.${wire.import}`;
    const count = (used.get(wire) ?? 0) + 1;
    if (wire.maxCalls !== undefined && count > wire.maxCalls.value) {
      throw new PypesError(
        'policy_denied',
        `"${name}" was called ${wire.maxCalls.value} times in this run, which is all it may`,
        {
          details: { policy: 'wiring', limit: 'max_calls', maximum: wire.maxCalls.value },
        },
      );
    }
    used.set(wire, count);
    passage.number = count;
    checkPayload(args, payloadLimit(blueprint, name), 'arguments', name);
    const chosen = Object.fromEntries(Object.entries(args).filter(([key]) => !Object.hasOwn(wire.fixed, key)));
    const carried = releases.wire('arguments', wire, count, chosen, caller.reader.labels);
    return joinLabels(carried, new Set([originLabel(caller.place)]));
  }

  function leaveWire({ wire, caller, passage }: Wired, output: Json, read: Labels): void {
    const name = `${wire.component}.${wire.import}`;
    checkPayload(output, payloadLimit(blueprint, name), 'output', name);
    const left = releases.wire('reply', wire, passage.number, output, read);
    forbidden(caller.place, left);
    join(caller.reader, left);
  }

  function stateOf(component: string): Reader {
    const known = states.get(component);
    if (known !== undefined) return known;
    const made: Reader = { labels: NO_LABELS };
    states.set(component, made);
    return made;
  }
}

/** A function that is called. */
type Target = { readonly part: Part; readonly pack: Pack; readonly name: string; readonly own: FullLabels };

type Opening = {
  readonly target: Target;
  readonly edge: Edge;
  readonly reader: Reader;
  /** Absent for a step. */
  readonly wired?: Wired;
  readonly control?: Labels;
  readonly given?: FieldLabels;
};

type Wired = {
  readonly wire: Wire;
  readonly caller: { readonly place: Place; readonly reader: Reader };
  /** Which call of the wire it is. */
  readonly passage: { number: number };
};

const NO_FIELDS: FieldLabels = new Map();
/** Operations that lead out of the machine. */
const OUTWARD: ReadonlySet<string> = new Set(['fetch', 'ai.complete', 'session.goto', 'session.click', 'session.fill']);

function namesOf({ middleware }: Step | Wire): readonly string[] {
  return middleware.map(({ value }) => value);
}

function join(reader: Reader, labels: Labels): void {
  reader.labels = joinLabels(reader.labels, labels);
}

/** The policies of a blueprint see the names of a blueprint; what lies behind them sees the call as it was. */
function viewed(call: Call, from: Party, to: string, policy: Policy, next: Parameters<Policy>[1]) {
  const name = from.function === undefined ? from.component : `${from.component}.${from.function}`;
  return policy({ ...call, from: name, to }, (passed) => next({ ...passed, from: call.from, to: call.to }));
}

/** What all of what a function gives was made from. */
function readOf({ part, name, own }: Target, { labels }: Reader): Labels {
  const reads = own.reads.map((mark) => `${mark}:${part.name}.${name}`);
  return joinLabels(labels, new Set([originLabel({ component: part.name, function: name }), ...reads]));
}

/** What single fields of it carry besides. */
function fieldsOf({ part, name, own }: Target): FieldLabels {
  return new Map(
    Object.entries(own.fields).map(([pointer, marks]) => [
      pointer,
      new Set(marks.map((mark) => `${mark}:${part.name}.${name}${pointer}`)),
    ]),
  );
}

/** What an argument of a wire carries is what its caller has read, unless the blueprint has set it. */
function labelsAround(given: FieldLabels, pointer: string, wired: Wired | undefined, carried: Labels): Labels {
  if (wired !== undefined) return isFixed(wired.wire, pointer) ? NO_LABELS : carried;
  let labels = NO_LABELS;
  for (const [at, own] of given) if (isAround(at, pointer)) labels = joinLabels(labels, own);
  return labels;
}

function isFixed({ fixed }: Wire, pointer: string): boolean {
  return Object.keys(fixed).some((key) => pointer === toStep(key) || pointer.startsWith(`${toStep(key)}/`));
}

function checkRefused(own: FullLabels, labels: Labels, title: string): void {
  const mark = MARKS.find((each) => own.refuses.includes(each) && hasMark(labels, each));
  if (mark === undefined) return;
  const carried = [...labels].filter((label) => markOf(label) === mark).sort();
  throw new PypesError('policy_denied', `"${title}" refuses ${mark} data, and the call carries ${carried.join(', ')}`, {
    details: { policy: 'refuses', mark, labels: carried },
  });
}
