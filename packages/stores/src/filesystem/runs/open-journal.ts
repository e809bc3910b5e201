// Opens the journal of a folder for writing: its end is made whole, and its index knows it up to there.

import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { LINE_FEED } from './frame.ts';
import { isDamaged, openIndexFile } from './index-file.ts';
import { createRunIndex, type RunIndex } from './index-rows.ts';
import type { OnProblem } from './problem.ts';
import { readJournal } from './read-journal.ts';
import { scanSegment } from './scan.ts';
import { beginSegment, type JournalEnd, journalOf } from './segment-begin.ts';
import { createSegmentReader, listSegments, segmentPath } from './segments.ts';
import { createView, type JournalView } from './view.ts';

export type OpenedJournal = {
  readonly journal: string;
  readonly end: JournalEnd;
  readonly index: RunIndex;
};

type Options = { readonly folder: string; readonly onProblem: OnProblem; readonly now: () => number };

const BEGIN: JournalEnd = { segment: 0, offset: 0 };
/** Frames between two writes to an index that is made anew. */
const FRAMES_AT_ONCE = 5_000;

/** Whoever calls it holds the journal's lock. */
export function openJournal(options: Options): OpenedJournal {
  const { folder, onProblem } = options;
  removeUnbegun(folder, onProblem);
  const isNew = listSegments(folder).length === 0;
  const journal = isNew ? randomUUID() : identify(folder);
  if (isNew) beginSegment({ ...options, journal }, 1);
  const known = isNew ? undefined : openIndex(options, journal);
  const index = known ?? createRunIndex(openIndexFile(folder, true), journal);
  const { end, torn } = index === known ? catchUp(index, options) : rebuild(index, options);
  if (torn > 0) {
    cutOff(folder, end);
    const where = segmentPath(folder, end.segment);
    onProblem({ level: 'warn', message: `Half an entry at the end of ${where} was cut off: ${torn} bytes` });
  }
  return { journal, end, index };
}

/** Makes the index of a journal anew. */
export function rebuildIndex(options: Options, journal: string): RunIndex {
  const index = createRunIndex(openIndexFile(options.folder, true), journal);
  rebuild(index, options);
  return index;
}

function rebuild(index: RunIndex, options: Options): ReturnType<typeof readJournal> {
  index.write([], [], BEGIN);
  return catchUp(index, options);
}

/** Indexes what the index does not know. */
function catchUp(index: RunIndex, { folder, onProblem }: Options): ReturnType<typeof readJournal> {
  const reader = createSegmentReader(folder);
  const view: JournalView = createView({ folder, index, reader, onProblem });
  const from = index.indexedUpTo() ?? BEGIN;
  try {
    const read = readJournal(folder, from, {
      onProblem,
      onFrame(frame) {
        view.apply(frame);
        // Up to where does not matter before the end: half an index is begun anew.
        if (view.freshFrames >= FRAMES_AT_ONCE) view.flush(from);
      },
    });
    view.flush(read.end);
    return read;
  } finally {
    reader.close();
  }
}

/** Undefined where it has to be made anew, which is said. */
function openIndex({ folder, onProblem }: Options, journal: string): RunIndex | undefined {
  let index: RunIndex | undefined;
  let reason = 'it belongs to another journal or another version of this program';
  try {
    index = createRunIndex(openIndexFile(folder, false), journal);
    const upTo = index.indexedUpTo();
    if (upTo !== undefined && isFrameEnd(folder, upTo)) return index;
    if (upTo !== undefined) reason = 'it speaks of more than the journal has';
  } catch (error) {
    if (!isDamaged(error)) throw error;
    reason = `it is missing or damaged (${(error as Error).message})`;
  }
  index?.close();
  onProblem({ level: 'warn', message: `The index of the runs in ${folder} is made anew: ${reason}` });
  return undefined;
}

function isFrameEnd(folder: string, { segment, offset }: JournalEnd): boolean {
  if (segment === 0) return false;
  const path = segmentPath(folder, segment);
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? -1) < offset) return false;
  const file = openSync(path, 'r');
  try {
    const last = Buffer.alloc(1);
    return readSync(file, last, 0, 1, offset - 1) === 1 && last[0] === LINE_FEED;
  } finally {
    closeSync(file);
  }
}

/** The id that stands in its segments. */
export function identify(folder: string): string {
  for (const segment of listSegments(folder)) {
    const file = openSync(segmentPath(folder, segment), 'r');
    try {
      const journal = journalOf(file, fstatSync(file).size);
      if (journal !== undefined) return journal;
    } finally {
      closeSync(file);
    }
  }
  return 'damaged';
}

/** A process may have ended between making its next segment and writing the first frame. */
function removeUnbegun(folder: string, onProblem: OnProblem): void {
  const last = listSegments(folder).at(-1);
  if (last === undefined) return;
  const path = segmentPath(folder, last);
  const file = openSync(path, 'r');
  const { size } = fstatSync(file);
  const isEmpty = scanSegment(file, 0, size).next().done === true;
  closeSync(file);
  if (!isEmpty) return;
  if (size === 0) rmSync(path);
  else renameSync(path, `${path}.${randomUUID()}.damaged`);
  onProblem({ level: 'warn', message: `The segment ${path} had no whole entry and was set aside: ${size} bytes` });
}

function cutOff(folder: string, { segment, offset }: JournalEnd): void {
  const file = openSync(segmentPath(folder, segment), 'r+');
  try {
    ftruncateSync(file, offset);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
