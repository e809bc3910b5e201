// One run of a blueprint as the host sees it: each call with its edge, and with what it carries. Only what is wired can
// be called, nothing has more than the blueprint leaves it, and every value keeps its labels (spec 4, pypes run).
import { type Call, type JsonObject, type Policy, PypesError, toPypesError, withGrant } from '@pypes/contract';
import type { Route, Within } from '../../../calls/within.ts';
import type { Pack } from '../../../packs/pack.ts';
import type { Blueprint, Step, Wire } from '../../blueprint.ts';
import { suggestion } from '../../did-you-mean.ts';
import { type FullLabels, labelsOf, type Part } from '../../graph/components.ts';
import { type Party, WORKFLOW } from '../../graph/coverage.ts';
import type { Carries } from '../carries.ts';
import type { StepCall } from '../engine/step-parts.ts';
import { allLabels, type FieldLabels, joinLabels, type Labels, NO_LABELS } from '../guard-flow.ts';
import type { Edge, EdgePolicies } from './edge-policies.ts';
import { createForbidden, type Place } from './forbidden.ts';
import { intersect, NO_PERMISSIONS } from './permissions.ts';
import {
  allOf,
  checkRefused,
  fieldsOf,
  isFixed,
  join,
  labelsAround,
  type Reader,
  readOf,
  type Target,
} from './reader.ts';
import type { Releases } from './releases.ts';
import { viewed } from './viewed.ts';
import { createWires, type Wired } from './wires.ts';

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
  readonly carries: Carries;
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

const CAPABILITY = 'context.';
/** Operations by which the world comes in: what a function's own labels say about it stands, these do not add to it. */
const OF_HOST = /^[a-z]+:context\./;

/** Composes the calls of one run. */
export function composeRun({ blueprint, parts, packs, run, policies, releases, carries }: RunParts) {
  const forbidden = createForbidden(blueprint.forbidden);
  const wires = createWires({ blueprint, releases, carries, forbidden });
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
      const carried =
        wired === undefined ? allLabels(given) : noted(asked, 'wiring', () => wires.enter(wired, asked.args));
      const all = joinLabels(control, carried);
      noted(asked, 'refuses', () => checkRefused(own, all, title, blueprint.freeBits));
      noted(asked, 'forbid', () => forbidden(place, all));
      reader.labels = joinLabels(joinLabels(reader.labels, all), state?.labels ?? NO_LABELS);
      try {
        const at = (pointer: string) =>
          wired === undefined ? labelsAround(given, pointer) : isFixed(wired.wire, pointer) ? NO_LABELS : carried;
        await judge(asked, edge, own, all, at);
        const inner = wired === undefined ? next : wires.quiet(wired, next);
        const reply = await viewed(asked, edge.from, title, policies.on(edge), inner);
        // What others told it in the meantime.
        if (state !== undefined) join(reader, state.labels);
        if (wired !== undefined) noted(asked, 'wiring', () => wires.leave(wired, reply.output, allOf(target, reader)));
        return reply;
      } catch (error) {
        // What an error says was made from the same as a reply.
        if (wired !== undefined) wires.fail(wired, allOf(target, reader));
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
      noted(asked, 'forbid', () => forbidden(place, reader.labels));
      return reply;
    };

    return {
      root: run,
      call,
      use,
      permissions: (has) =>
        'path' in part.entry.reference ? withGrant(NO_PERMISSIONS, part.permissions) : intersect(has, part.permissions),
      provides: (wanted) => wires.find(part.name, wanted) !== undefined,
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
    const wire = wires.find(component, wanted);
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

  function stateOf(component: string): Reader {
    const known = states.get(component);
    if (known !== undefined) return known;
    const made: Reader = { labels: NO_LABELS };
    states.set(component, made);
    return made;
  }
}

type Opening = {
  readonly target: Target;
  readonly edge: Edge;
  readonly reader: Reader;
  /** Absent for a step. */
  readonly wired?: Wired;
  readonly control?: Labels;
  readonly given?: FieldLabels;
};

const NO_FIELDS: FieldLabels = new Map();
/** Operations that lead out of the machine. */
const OUTWARD: ReadonlySet<string> = new Set(['fetch', 'ai.complete', 'session.goto', 'session.click', 'session.fill']);

/** A denial is written down with the call that it stops. */
function noted<T>(call: Call, policy: string, decide: () => T): T {
  try {
    return decide();
  } catch (error) {
    const { message, details } = toPypesError(error);
    const by = details?.policy;
    call.trail?.note({ policy: typeof by === 'string' ? by : policy, decision: 'deny', reason: message });
    throw error;
  }
}

function namesOf({ middleware }: Step | Wire): readonly string[] {
  return middleware.map(({ value }) => value);
}
