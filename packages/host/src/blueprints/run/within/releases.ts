// [[declassify]] and [[endorse]] while a run is under way: a mark goes where the blueprint says so, and nowhere else;
// what passes has the declared type, and no more bits pass than were declared.
import { type Json, type JsonObject, PypesError } from '@pypes/contract';
import type { ReleaseEntry, Step, Wire } from '../../blueprint.ts';
import { accepts, bitsOf, toWithin } from '../../guard-check.ts';
import { type FieldLabels, hasMark, isWithin, joinLabels, type Labels, NO_LABELS, withoutMark } from '../guard-flow.ts';
import { valueAt } from '../guard-policies.ts';

/** One passage: a repeat of it is the same one. */
type Passage = string;

/** The releases of one run. All of them deny with `policy_denied` what has another type, or is too much. */
export interface Releases {
  /** What is left on the arguments of a step. */
  input(step: Step, item: number | undefined, args: JsonObject, fields: FieldLabels): FieldLabels;
  /** What is left on the decision to run a step, or on how often. */
  decision(kind: 'when' | 'foreach', step: Step, item: number | undefined, value: Json, labels: Labels): Labels;
  /**
   * What is left where a template of a step cannot be evaluated. `isHidden`: something was let go, so that the error must
   * not tell more than that there is one.
   */
  failure(kind: 'when' | 'foreach' | 'input', step: Step, fields: FieldLabels): Left;
  /** The same for a call of a wire that fails. */
  failedReply(wire: Wire, labels: Labels): Left;
  /** What is left on what a wire carries; `passage` counts its calls. */
  wire(kind: 'arguments' | 'reply', wire: Wire, passage: number, value: Json, labels: Labels): Labels;
}

/** Labels after a failure. */
export type Left = { readonly labels: Labels; readonly isHidden: boolean };

/** Bits of a number of JSON whose type says nothing. */
const BITS_OF_A_COUNT = 53;

/** Counts bits for one run. */
export function createReleases(entries: readonly ReleaseEntry[]): Releases {
  const spent = new Map<ReleaseEntry, { readonly passages: Set<Passage>; bits: number }>();

  function release(entry: ReleaseEntry, passage: Passage, value: Json, labels: Labels, bits: number): Labels {
    checkType(entry, value);
    if (!hasMark(labels, entry.mark)) return labels;
    const account = spent.get(entry) ?? { passages: new Set(), bits: 0 };
    spent.set(entry, account);
    if (!account.passages.has(passage)) {
      if (account.bits + bits > entry.bits) {
        throw refusal(entry, `it would let ${Math.ceil(account.bits + bits)} bits through, ${entry.bits} are declared`);
      }
      account.passages.add(passage);
      account.bits += bits;
    }
    return withoutMark(labels, entry.mark);
  }

  return {
    input(step, item, args, fields) {
      let left = fields;
      for (const entry of entries) {
        const { place, type } = entry;
        if (place.kind !== 'input' || place.step !== step.id) continue;
        const value = valueAt(args, place.field);
        if (value === undefined) continue;
        checkType(entry, value);
        const passage = `${item ?? ''}`;
        left = new Map(
          [...left].map(([pointer, labels]) => [
            pointer,
            isWithin(pointer, place.field) ? release(entry, passage, value, labels, bitsOfType(type)) : labels,
          ]),
        );
      }
      return left;
    },
    decision(kind, step, item, value, labels) {
      const count = step.maxItems === undefined ? BITS_OF_A_COUNT : Math.log2(step.maxItems + 1);
      return entries.reduce((left, entry) => {
        const { place } = entry;
        if (place.kind !== kind || place.step !== step.id) return left;
        return release(entry, `${item ?? ''}`, value, left, kind === 'when' ? 1 : count);
      }, labels);
    },
    failure(kind, step, fields) {
      let isHidden = false;
      let left = NO_LABELS;
      for (const [pointer, labels] of fields) {
        const own = entries.filter(({ place }) => {
          if (place.kind !== kind || !('step' in place) || place.step !== step.id) return false;
          return place.kind !== 'input' || isWithin(pointer, place.field);
        });
        const after = own.reduce((all, { mark }) => withoutMark(all, mark), labels);
        isHidden ||= after !== labels;
        left = joinLabels(left, after);
      }
      return { labels: left, isHidden };
    },
    failedReply({ component, import: name }, labels) {
      const own = entries.filter(
        ({ place }) => place.kind === 'reply' && place.component === component && place.import === name,
      );
      const left = own.reduce((all, { mark }) => withoutMark(all, mark), labels);
      return { labels: left, isHidden: own.length > 0 };
    },
    wire(kind, wire, passage, value, labels) {
      return entries.reduce((left, entry) => {
        const { place, type } = entry;
        if (place.kind !== kind || place.component !== wire.component || place.import !== wire.import) return left;
        return release(entry, String(passage), value, left, bitsOfType(type));
      }, labels);
    },
  };
}

/**
 * Whatever marks there are: the check before the run has counted by this type what passes here, and what passes of a type
 * with one value has lost all of its labels.
 */
function checkType(entry: ReleaseEntry, value: Json): void {
  if (entry.type === undefined || accepts(toWithin(entry.type), value) === 'fits') return;
  throw refusal(entry, 'the value is not of the type that is declared');
}

/** Where no type is declared, the check before the run has counted by the types that every call is held to. */
function bitsOfType(type: ReleaseEntry['type']): number {
  return type === undefined ? 0 : bitsOf(type);
}

function refusal({ mark, text }: ReleaseEntry, why: string): PypesError {
  const policy = mark === 'private' ? 'declassify' : 'endorse';
  return new PypesError('policy_denied', `[[${policy}]] of "${text}" lets nothing through here: ${why}`, {
    details: { policy, where: text },
  });
}
