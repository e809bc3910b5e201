// Writes the audit log of a folder in batches, which are kept and tried again where the disk refuses them.
import { randomUUID } from 'node:crypto';
import { closeSync, fstatSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { type AuditLog, PypesError } from '@pypes/contract';
import { adoptSides } from './adopt.ts';
import { listAuditFiles, nextSegment, sideName } from './folder.ts';
import { type Lease, takeLease } from './lease.ts';
import { openSegment, type Previous, type Segment } from './segment.ts';
import { readSegmentEnd } from './segment-end.ts';
import { loadSigner, type Signer } from './signing-key.ts';

export type AuditLogOptions = {
  readonly folder: string;
  /** Said once for each time the log cannot be written. */
  readonly onError: (error: unknown) => void;
  readonly now?: () => number;
  readonly newId?: () => string;
  /** A segment that is longer is followed by a new one. Bytes. */
  readonly segmentBytes?: number;
};

const SEGMENT_BYTES = 64 * 1024 * 1024;
/** How often seals are signed and flushed to the disk while there is something to sign. */
const SIGN_MS = 1_000;
const RETRY_MS = 250;
/** Batches that follow each other faster than this wait for the end of their turn. */
const PACE_MS = 0.1;

/**
 * An audit log. Nothing is opened before the first record. What is written survives the end of the process at once, and
 * the loss of power after a second.
 */
export function createFilesystemAuditLog(options: AuditLogOptions): AuditLog {
  const { folder, onError, now = Date.now, newId = randomUUID, segmentBytes = SEGMENT_BYTES } = options;
  let opened:
    | { segment: Segment; readonly signer: Signer; readonly lease: Lease | undefined; name: string }
    | undefined;
  let waiting = '';
  let records = 0;
  let turn: PromiseWithResolvers<void> | undefined;
  /** When the last batch went out. */
  let flushedAt = Number.NEGATIVE_INFINITY;
  let failure: PypesError | undefined;
  let timer: NodeJS.Timeout | undefined;

  function open(): NonNullable<typeof opened> {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const signer = loadSigner(folder);
    const lease = takeLease(join(folder, 'writer'));
    try {
      const segments = lease === undefined ? [] : listAuditFiles(folder).segments;
      const last = segments.at(-1);
      const name = lease === undefined ? sideName(process.pid, newId()) : (last ?? nextSegment(undefined));
      const found = openSegment({
        path: join(folder, name),
        signer,
        newId,
        now,
        previous: () => endOf(folder, segments.at(-2)),
      });
      const next = nextSegment(last);
      const segment = found ?? begin(next, signer, endOf(folder, last));
      if (lease !== undefined) adoptSides(folder, segment, { signer, newId, now });
      return { segment, signer, lease, name: found === undefined ? next : name };
    } catch (error) {
      lease?.release();
      throw error;
    }
  }

  function begin(name: string, signer: Signer, previous: Previous | undefined): Segment {
    const segment = openSegment({ path: join(folder, name), signer, newId, now, previous: () => previous });
    if (segment === undefined) throw new Error(`The audit segment ${name} is damaged`);
    return segment;
  }

  function flush(): void {
    const settled = turn;
    turn = undefined;
    try {
      if (waiting !== '') {
        if (opened !== undefined && isLost(opened)) abandon();
        opened ??= open();
        opened.segment.append(waiting, records);
        waiting = '';
        records = 0;
        if (opened.segment.bytes >= segmentBytes && opened.lease !== undefined) rotate(opened);
      }
      failure = undefined;
      flushedAt = performance.now();
      settled?.resolve();
    } catch (error) {
      if (failure === undefined) onError(error);
      failure = new PypesError(
        'unavailable',
        `The audit log in ${folder} cannot be written, and nothing is decided without it: ${(error as Error).message}`,
        { cause: error },
      );
      settled?.promise.catch(() => undefined);
      settled?.reject(failure);
      setTimeout(flush, RETRY_MS).unref();
      return;
    }
    timer ??= setTimeout(signLater, SIGN_MS).unref();
  }

  /** After a long sleep another process may write the segments: whoever went on would break their chain. */
  function abandon(): void {
    opened?.segment.close();
    opened?.lease?.release();
    opened = undefined;
  }

  function signLater(): void {
    timer = undefined;
    try {
      sign();
    } catch (error) {
      onError(error);
    }
  }

  function sign(): void {
    if (opened === undefined || isLost(opened)) return;
    opened.segment.sign();
    opened.segment.flush();
  }

  function rotate(log: NonNullable<typeof opened>): void {
    const { segment, signer, name } = log;
    segment.sign();
    const next = nextSegment(name);
    log.segment = begin(next, signer, { file: name, seal: segment.seal });
    log.name = next;
    segment.close();
  }

  return {
    write(line) {
      waiting += `${line}\n`;
      records += 1;
      if (turn !== undefined) return;
      turn = Promise.withResolvers();
      // Calls that ran together end together, and their answers leave at once. Where they end one by one, faster than
      // batches are worth it, they wait for the others of their turn of the event loop.
      if (performance.now() - flushedAt < PACE_MS) setImmediate(flush);
      else process.nextTick(flush);
    },
    settled: () => turn?.promise,
    check() {
      if (failure !== undefined) throw failure;
    },
    close() {
      clearTimeout(timer);
      timer = undefined;
      if (waiting !== '') flush();
      if (opened === undefined) return;
      if (!isLost(opened)) opened.segment.sign();
      opened.segment.close();
      opened.lease?.release();
      opened = undefined;
    },
  };
}

function isLost({ lease }: { readonly lease: Lease | undefined }): boolean {
  return lease !== undefined && !lease.isHeld();
}

/** The last seal of a segment; an empty one where it has none. */
function endOf(folder: string, name: string | undefined): Previous | undefined {
  if (name === undefined) return undefined;
  const file = openSync(join(folder, name), 'r');
  try {
    const end = readSegmentEnd(file, fstatSync(file).size);
    return { file: name, seal: typeof end === 'string' ? '' : end.seal };
  } finally {
    closeSync(file);
  }
}
