// Reads lines of a stream from where they lie, with few reads: places that are near each other are read as one.
import { PypesError } from '@pypes/contract';
import type { SegmentReader } from './segments.ts';
import type { LinesPlace } from './state.ts';

export type LinesWanted = {
  /** Numbers of the first and the last line. */
  readonly from: number;
  readonly to: number;
  /** What stands in the place of a line that is nowhere. */
  readonly lost: (number: number) => string;
  readonly reader: SegmentReader;
  readonly folder: string;
};

const NEAR_BYTES = 8 * 1024;
/** What the system has in memory is read at once; where that takes longer, the rest is read in the background. */
const AT_ONCE_MS = 4;
const MOST_BYTES = 1024 * 1024;

/** @param places in order; of two that have the same line, the first counts */
export async function readLines(places: readonly LinesPlace[], wanted: LinesWanted): Promise<readonly string[]> {
  const { reader, folder, lost, to } = wanted;
  const begun = performance.now();
  const lines: string[] = [];
  let next = wanted.from;
  for (const group of toGroups(places, wanted)) {
    const [first, last] = [group[0], group.at(-1)] as [LinesPlace, LinesPlace];
    const { segment, offset: begin } = first;
    const part = { segment, offset: begin, bytes: last.offset + last.bytes - begin };
    const isLate = performance.now() - begun > AT_ONCE_MS;
    const bytes = isLate ? await reader.readLater(part) : reader.read(part);
    for (const { first, count, offset, bytes: length } of group) {
      while (next < first) lines.push(lost(next++));
      const text = bytes.toString('utf8', offset - begin, offset - begin + length - 1);
      const all = count === 1 ? [text] : text.split('\n');
      if (all.length !== count || bytes.length < offset - begin + length) {
        throw new PypesError('internal', `The journal ${folder} is damaged: segment ${segment}, offset ${offset}`);
      }
      const from = next - first;
      const end = Math.min(count, to - first + 1);
      for (let index = from; index < end; index++) lines.push(all[index] as string);
      next = first + end;
    }
  }
  while (next <= to) lines.push(lost(next++));
  return lines;
}

/** Those that have wanted lines, each once, as far as they may be read together. */
function toGroups(places: readonly LinesPlace[], { from, to }: LinesWanted): readonly (readonly LinesPlace[])[] {
  const groups: LinesPlace[][] = [];
  let next = from;
  let group: LinesPlace[] = [];
  for (const place of places) {
    const end = place.first + place.count;
    if (end <= next || place.first > to) continue;
    const [first, last] = [group[0], group.at(-1)];
    const isNear =
      first !== undefined &&
      last !== undefined &&
      place.segment === last.segment &&
      place.offset - last.offset - last.bytes < NEAR_BYTES &&
      place.offset > last.offset &&
      place.offset + place.bytes - first.offset < MOST_BYTES;
    if (!isNear) {
      group = [];
      groups.push(group);
    }
    group.push(place);
    next = end;
  }
  return groups;
}
