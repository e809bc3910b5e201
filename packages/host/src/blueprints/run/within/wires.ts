// The wires of one run: which there are, how often each was used, what may pass it in either direction.
import { type Json, type JsonObject, type Next, PypesError } from '@pypes/contract';
import type { Blueprint, Wire } from '../../blueprint.ts';
import type { Carries } from '../carries.ts';
import { checkPayload, payloadLimit } from '../engine/payload.ts';
import { joinLabels, type Labels, NO_LABELS } from '../guard-flow.ts';
import { type Forbidden, originLabel, type Place } from './forbidden.ts';
import { join, type Reader } from './reader.ts';
import type { Releases } from './releases.ts';

/** A call over a wire. */
export type Wired = {
  readonly wire: Wire;
  readonly caller: { readonly place: Place; readonly reader: Reader };
  /** Which call of the wire it is. */
  readonly passage: { number: number };
};

/** The wires of one run. */
export interface Wires {
  find(component: string, wanted: string): Wire | undefined;
  /** What the arguments carry: everything that the caller has read. @throws PypesError `policy_denied`, `too_large` */
  enter(wired: Wired, args: JsonObject): Labels;
  /** The caller reads the reply. @throws PypesError `policy_denied`, `output_too_large` */
  leave(wired: Wired, output: Json, read: Labels): void;
  /** The caller reads a failure. */
  fail(wired: Wired, read: Labels): void;
  /** Where what is given back is bounded by a release or by its type, a failure tells no more than that there is one. */
  quiet(wired: Wired, next: Next): Next;
}

/** Counts for one run. */
export function createWires({
  blueprint,
  releases,
  carries,
  forbidden,
}: {
  readonly blueprint: Blueprint;
  readonly releases: Releases;
  readonly carries: Carries;
  readonly forbidden: Forbidden;
}): Wires {
  const used = new Map<Wire, number>();
  return {
    find(component, wanted) {
      const own = blueprint.wires.filter((wire) => wire.component === component);
      // A component names an import of another one by its interface too: `acme:mail/api@1.0.0#send`.
      const short = wanted.slice(wanted.lastIndexOf('#') + 1);
      return own.find((wire) => wire.import === wanted) ?? own.find((wire) => wire.import === short);
    },
    enter({ wire, caller, passage }, args) {
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
      const told = carries.wire('argument', wire) ? caller.reader.labels : NO_LABELS;
      const carried = releases.wire('arguments', wire, count, chosen, told);
      return joinLabels(carried, new Set([originLabel(caller.place)]));
    },
    leave({ wire, caller, passage }, output, read) {
      const name = `${wire.component}.${wire.import}`;
      checkPayload(output, payloadLimit(blueprint, name), 'output', name);
      if (!carries.wire('reply', wire)) return;
      const left = releases.wire('reply', wire, passage.number, output, read);
      forbidden(caller.place, left);
      join(caller.reader, left);
    },
    fail({ wire, caller }, read) {
      if (carries.wire('reply', wire)) join(caller.reader, releases.failedReply(wire, read).labels);
    },
    quiet({ wire }, next) {
      if (carries.wire('reply', wire) && !releases.failedReply(wire, NO_LABELS).isHidden) return next;
      return async (call) => {
        try {
          return await next(call);
        } catch {
          const name = `${wire.component}.${wire.import}`;
          throw new PypesError('handler_failed', `"${name}" failed; what it gives back is bounded, so no more is said`);
        }
      };
    },
  };
}
