// Reads a journal from a place on, segment after segment, and says what it found damaged.
import { closeSync, fstatSync, openSync } from 'node:fs';
import type { RunRecord } from '@pypes/contract/runs';
import { LINE_FEED } from './frame.ts';
import type { OnProblem } from './problem.ts';
import { type ScannedFrame, scanSegment } from './scan.ts';
import type { JournalEnd } from './segment-begin.ts';
import { listSegments, segmentPath } from './segments.ts';
import type { PlacedFrame } from './view.ts';

/** Where the last whole frame ends, and how many bytes of a torn one stand behind it. */
export type JournalRead = { readonly end: JournalEnd; readonly torn: number };

export function readJournal(
  folder: string,
  from: JournalEnd,
  { onFrame, onProblem }: { readonly onFrame: (frame: PlacedFrame) => void; readonly onProblem: OnProblem },
): JournalRead {
  const segments = listSegments(folder).filter((segment) => segment >= from.segment);
  let read: JournalRead = { end: from, torn: 0 };
  for (const segment of segments) {
    if (read.torn > 0) reportDamage(read.end.segment, read.end.offset, read.end.offset + read.torn);
    const begin = segment === from.segment ? from.offset : 0;
    const file = openSync(segmentPath(folder, segment), 'r');
    try {
      const size = fstatSync(file).size;
      const end = readSegment(file, segment, begin, size);
      read = { end: { segment, offset: end }, torn: size - end };
    } finally {
      closeSync(file);
    }
  }
  return read;

  function readSegment(file: number, segment: number, begin: number, size: number): number {
    const scan = scanSegment(file, begin, size);
    for (;;) {
      const { value, done } = scan.next();
      if (done === true) return value;
      if ('damage' in value) reportDamage(segment, value.damage.from, value.damage.to);
      else if (value.kind !== 'j') onFrame(toPlaced(value, segment));
    }
  }

  function reportDamage(segment: number, begin: number, end: number): void {
    const where = `${segmentPath(folder, segment)}, bytes ${begin} to ${end}`;
    onProblem({
      level: 'error',
      message: `The journal of runs is damaged: ${where}; what stands there is left out, the rest is read`,
    });
  }
}

function toPlaced(
  { tenant, run_id, kind, first, count, payload, payloadAt }: ScannedFrame,
  segment: number,
): PlacedFrame {
  const stream = kind === 'c' ? 'calls' : 'events';
  const recordBytes = kind === 'r' ? payload.indexOf(LINE_FEED) : -1;
  const begin = recordBytes + 1;
  const lines = { segment, offset: payloadAt + begin, bytes: payload.length - begin, first, count };
  if (kind !== 'r') return { tenant, run_id, stream, lines };
  const value = JSON.parse(payload.toString('utf8', 0, recordBytes)) as RunRecord;
  return { tenant, run_id, stream, lines, record: { value, offset: payloadAt, bytes: recordBytes } };
}
