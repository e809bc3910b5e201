// A run as a process holds it while it lives, or while the index does not know all of it.
import { isTerminal, type RunRecord, type RunRef, type RunStatus, type RunStream } from '@pypes/contract/runs';
import type { Block, RunRow } from './index-rows.ts';
import type { Place } from './segments.ts';

/** Lines of one frame, and where they lie. */
export type LinesPlace = Place & { readonly first: number; readonly count: number };

export type RunState = RunRef & {
  /** The run's number in the index. */
  k: number;
  status: RunStatus;
  version: number;
  agent: string | undefined;
  idempotencyKey: string | undefined;
  /** Of the newest record, and the record where it is held. */
  place: Place;
  record: RunRecord | undefined;
  readonly last: { [stream in RunStream]: number };
  /** What the index does not have yet, in order. */
  fresh: { readonly [stream in RunStream]: LinesPlace[] };
};

export function stateOf(row: RunRow): RunState {
  const { events, calls, ...rest } = row;
  return { ...rest, record: undefined, last: { events, calls }, fresh: { events: [], calls: [] } };
}

export function rowOf({ last, record: _, fresh: __, ...rest }: RunState): RunRow {
  return { ...rest, ...last };
}

/** Of newest records: those that cannot change any more need not be held. */
export function hasEnded({ status }: RunState): boolean {
  return isTerminal(status);
}

/** A row of blocks should fit into a page of the file. */
const MOST_PLACES = 256;
const TRIPLE = 3;

/** What is fresh in a run, as blocks: places in one segment that follow each other. */
export function freshBlocks({ k, fresh }: RunState): readonly (Block & { readonly k: number })[] {
  const blocks: (Block & { readonly k: number })[] = [];
  for (const stream of ['events', 'calls'] as const) {
    const all = fresh[stream];
    for (let from = 0; from < all.length; ) {
      let to = from + 1;
      while (to < all.length && to - from < MOST_PLACES && follows(all[to - 1], all[to])) to += 1;
      const part = all.slice(from, to);
      const [first, last] = [part[0], part.at(-1)] as [LinesPlace, LinesPlace];
      const places = new Uint32Array(part.length * TRIPLE);
      for (const [index, { offset, bytes, count }] of part.entries()) {
        places[index * TRIPLE] = offset;
        places[index * TRIPLE + 1] = bytes;
        places[index * TRIPLE + 2] = count;
      }
      const count = last.first + last.count - first.first;
      blocks.push({ k, stream, first: first.first, count, segment: first.segment, places });
      from = to;
    }
  }
  return blocks;
}

/** The places of a block again. */
export function placesOf({ first, segment, places }: Block): readonly LinesPlace[] {
  const all: LinesPlace[] = [];
  for (let index = 0, number = first; index < places.length; index += TRIPLE) {
    const count = places[index + 2] as number;
    all.push({ segment, offset: places[index] as number, bytes: places[index + 1] as number, first: number, count });
    number += count;
  }
  return all;
}

function follows(before: LinesPlace | undefined, after: LinesPlace | undefined): boolean {
  return before?.segment === after?.segment && (before?.first ?? 0) + (before?.count ?? 0) === after?.first;
}
