// Writes frames to the end of a journal: those of one turn in one write, those that must be durable with one flush.
import { closeSync, fdatasync, fdatasyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { cannotWrite } from './disk-errors.ts';
import type { EncodedFrame } from './frame.ts';
import { beginSegment, type JournalEnd } from './segment-begin.ts';
import { segmentPath } from './segments.ts';

/** A frame on its way. */
export type Write = {
  readonly frame: EncodedFrame;
  /** Waits for the disk; else for the system, which keeps it when the process is killed. */
  readonly isDurable: boolean;
  /** It is written: from now on everybody may see it. `offset` is where its payload begins. */
  readonly publish: (at: { readonly segment: number; readonly offset: number }) => void;
  /** It will never be written. Called in reverse order. */
  readonly undo: () => void;
};

export interface JournalWriter {
  /** Resolves when it is published. @throws PypesError `unavailable` where the disk refuses it */
  write(write: Write): Promise<void>;
  /** Everything before this place is published. */
  readonly published: JournalEnd;
  close(): Promise<void>;
}

export type WriterOptions = {
  readonly folder: string;
  readonly journal: string;
  /** A segment that is longer is followed by a new one. */
  readonly segmentBytes: number;
  readonly now: () => number;
};

type Waiting = Write & { readonly done: PromiseWithResolvers<void> };
type Written = Waiting & { readonly at: JournalEnd; isPublished: boolean; readonly end: number };

/** @param end where the journal ends */
export function createJournalWriter(options: WriterOptions, end: JournalEnd): JournalWriter {
  const { folder, segmentBytes } = options;
  let { segment, offset: size } = end;
  let file = openSync(segmentPath(folder, segment), 'r+');
  let published: JournalEnd = { segment, offset: size };
  /** Something may lie behind `size` that never was. */
  let isTorn = false;
  let waiting: Waiting[] = [];
  let isScheduled = false;
  /** Written, and waiting for the disk or for those before them. */
  let unsynced: Written[] = [];
  const unpublished: Written[] = [];
  let syncing: Promise<void> | undefined;
  /** Segments before this one that were not flushed yet. */
  let left: number[] = [];

  function flush(): void {
    isScheduled = false;
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    try {
      writeBatch(batch);
    } catch (error) {
      const refused = cannotWrite(folder, error);
      for (const each of batch.toReversed()) each.undo();
      for (const each of batch) each.done.reject(refused);
    }
  }

  function writeBatch(batch: readonly Waiting[]): void {
    if (size >= segmentBytes) rotate();
    const bytes = Buffer.concat(batch.flatMap(({ frame }) => [frame.head, frame.payload]));
    writeWhole(bytes);
    let offset = size;
    size += bytes.length;
    for (const each of batch) {
      const payloadAt = offset + each.frame.head.length;
      offset = payloadAt + each.frame.payload.length;
      const written = { ...each, at: { segment, offset: payloadAt }, end: offset, isPublished: false };
      unpublished.push(written);
      if (each.isDurable) unsynced.push(written);
      else publish(written);
    }
    if (unsynced.length > 0 || left.length > 0) syncing ??= sync();
  }

  function writeWhole(bytes: Buffer): void {
    if (isTorn) ftruncateSync(file, size);
    isTorn = true;
    try {
      for (let written = 0; written < bytes.length; ) {
        written += writeSync(file, bytes, written, bytes.length - written, size + written);
      }
    } catch (error) {
      // Where even that fails, it is tried again before the next write.
      ftruncateSync(file, size);
      isTorn = false;
      throw error;
    }
    isTorn = false;
  }

  function rotate(): void {
    const next = beginSegment(options, segment + 1);
    const opened = openSync(segmentPath(folder, next.segment), 'r+');
    left.push(file);
    file = opened;
    ({ segment, offset: size } = next);
  }

  /** Everything that waits when it begins is on the disk when it ends; what came meanwhile waits for the next. */
  async function sync(): Promise<void> {
    while (unsynced.length > 0 || left.length > 0) {
      const batch = unsynced;
      unsynced = [];
      const old = left;
      left = [];
      const results = await Promise.allSettled([...old, file].map(flushToDisk));
      for (const each of old) closeSync(each);
      const failed = results.find((result) => result.status === 'rejected');
      // Written it is: it stays, everybody sees it, and who waits for the disk is told that this is not sure.
      for (const each of batch) publish(each, failed?.reason);
    }
    syncing = undefined;
  }

  function publish(written: Written, error?: unknown): void {
    written.publish(written.at);
    written.isPublished = true;
    if (error === undefined) written.done.resolve();
    else written.done.reject(cannotWrite(folder, error));
    let count = 0;
    while (unpublished[count]?.isPublished === true) count += 1;
    const last = unpublished[count - 1];
    if (last === undefined) return;
    published = { segment: last.at.segment, offset: last.end };
    unpublished.splice(0, count);
  }

  return {
    write(write) {
      const done = Promise.withResolvers<void>();
      waiting.push({ ...write, done });
      if (!isScheduled) setImmediate(flush);
      isScheduled = true;
      return done.promise;
    },
    get published() {
      return published;
    },
    async close() {
      flush();
      await syncing;
      for (const each of left) closeSync(each);
      if (isTorn) ftruncateSync(file, size);
      fdatasyncSync(file);
      closeSync(file);
    },
  };
}

function flushToDisk(file: number): Promise<void> {
  return new Promise((resolve, reject) => fdatasync(file, (error) => (error === null ? resolve() : reject(error))));
}
