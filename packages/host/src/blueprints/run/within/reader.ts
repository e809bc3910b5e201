// What a called function has read, and what its replies and errors carry because of it.
import { PypesError } from '@pypes/contract';
import type { Pack } from '../../../packs/pack.ts';
import type { Blueprint, Wire } from '../../blueprint.ts';
import type { FullLabels, Part } from '../../graph/components.ts';
import type { Mark } from '../../guard-check.ts';
import {
  allLabels,
  type FieldLabels,
  hasMark,
  isWithin,
  joinLabels,
  type Labels,
  markOf,
  NO_LABELS,
  toStep,
} from '../guard-flow.ts';
import { originLabel } from './forbidden.ts';

/** Grows with everything that is read. */
export type Reader = { labels: Labels };

/** A function that is called. */
export type Target = { readonly part: Part; readonly pack: Pack; readonly name: string; readonly own: FullLabels };

/** Bits of each mark that may get where they are refused. */
export type FreeBits = Blueprint['freeBits'];

const MARKS: readonly Mark[] = ['private', 'untrusted'];

/** The reader reads something more. */
export function join(reader: Reader, labels: Labels): void {
  reader.labels = joinLabels(reader.labels, labels);
}

/** What all of what a function gives was made from. */
export function readOf({ part, name, own }: Target, { labels }: Reader): Labels {
  const reads = own.reads.map((mark) => `${mark}:${part.name}.${name}`);
  return joinLabels(labels, new Set([originLabel({ component: part.name, function: name }), ...reads]));
}

/** What single fields of it carry besides. */
export function fieldsOf({ part, name, own }: Target): FieldLabels {
  return new Map(
    Object.entries(own.fields).map(([pointer, marks]) => [
      pointer,
      new Set(marks.map((mark) => `${mark}:${part.name}.${name}${pointer}`)),
    ]),
  );
}

/** Both. */
export function allOf(target: Target, reader: Reader): Labels {
  return joinLabels(readOf(target, reader), allLabels(fieldsOf(target)));
}

/** What the argument at a pointer carries, or what lies within or around it. */
export function labelsAround(given: FieldLabels, pointer: string): Labels {
  let labels = NO_LABELS;
  for (const [at, own] of given) {
    if (isWithin(at, pointer) || isWithin(pointer, at)) labels = joinLabels(labels, own);
  }
  return labels;
}

/** Whether the blueprint has set an argument of a wire. */
export function isFixed({ fixed }: Wire, pointer: string): boolean {
  return Object.keys(fixed).some((key) => isWithin(pointer, toStep(key)));
}

/**
 * Where bits are free, the check before the run has counted them by the types that every call is held to.
 *
 * @throws PypesError `policy_denied` where a function is given what it refuses
 */
export function checkRefused(own: FullLabels, labels: Labels, title: string, freeBits: FreeBits): void {
  const mark = MARKS.find((each) => freeBits[each] === 0 && own.refuses.includes(each) && hasMark(labels, each));
  if (mark === undefined) return;
  const carried = [...labels].filter((label) => markOf(label) === mark).sort();
  throw new PypesError('policy_denied', `"${title}" refuses ${mark} data, and the call carries ${carried.join(', ')}`, {
    details: { policy: 'refuses', mark, labels: carried },
  });
}
