// One file of the audit log that is written to: batches go out whole, with their seal, or are taken back.
import { createHash, hash } from 'node:crypto';
import { closeSync, fdatasync, fdatasyncSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { AUDIT_FORMAT, type AuditSeal, toSignedText } from '@pypes/contract';
import { readSegmentEnd } from './segment-end.ts';
import type { Signer } from './signing-key.ts';

/** An open segment. */
export interface Segment {
  readonly seal: string;
  readonly bytes: number;
  /** Writes lines and their seal. @throws Error of the system; the file is as it was before */
  append(lines: string, records: number): void;
  /** Signs the last seal, where it is not signed yet. */
  sign(): void;
  /** Flushes to the disk, in the background. */
  flush(): void;
  close(): void;
}

export type SegmentOptions = {
  readonly path: string;
  readonly signer: Signer;
  readonly newId: () => string;
  readonly now: () => number;
  /** The segment before, asked for where this one begins. */
  readonly previous?: () => Previous | undefined;
};

/** The end of a segment that another one follows. */
export type Previous = { readonly file: string; readonly seal: string };

/**
 * Opens a segment, begins it where it is empty, and seals the lines of a process that ended before it did. Undefined
 * where the file is damaged, or signed with another key: it stays as it is, and another one has to follow.
 */
export function openSegment({ path, signer, newId, now, previous }: SegmentOptions): Segment | undefined {
  const file = openSync(path, 'a+', 0o600);
  let size = fstatSync(file).size;
  const found = readSegmentEnd(file, size);
  if (found === 'damaged' || (found !== 'new' && found.key !== signer.publicKey)) {
    closeSync(file);
    return undefined;
  }
  const chain = found === 'new' ? newId() : found.chain;
  let { seal, records } = found === 'new' ? { seal: '', records: 0 } : found;
  let signedUpTo = -1;
  let isDirty = false;
  let isFlushing = false;

  /** `before` lies in the file already, behind the last seal. */
  function write(batch: string, counted: number, before: string | Buffer = ''): void {
    const made =
      before === ''
        ? hash('sha256', `${seal}\n${batch}`, 'hex')
        : createHash('sha256').update(`${seal}\n`).update(before).update(batch).digest('hex');
    const next: AuditSeal = { seal: made, records: records + counted };
    const bytes = Buffer.from(`${batch}${JSON.stringify(next)}\n`);
    try {
      for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    } catch (error) {
      ftruncateSync(file, size);
      throw error;
    }
    ({ seal, records } = next);
    size += bytes.length;
    isDirty = true;
  }

  if (found === 'new') {
    if (size > 0) ftruncateSync(file, 0);
    size = 0;
    const header = { audit: AUDIT_FORMAT, chain, started: new Date(now()).toISOString(), key: signer.publicKey };
    const before = previous?.();
    write(`${JSON.stringify({ ...header, ...(before === undefined ? {} : { previous: before }) })}\n`, 0);
  } else if (found.end < size || found.rest !== '') {
    if (found.torn > 0) ftruncateSync(file, found.end);
    size = found.end;
    const lines = found.rest.split('\n').filter((line) => line !== '');
    const note = { recovered: { lines: lines.length, torn_bytes: found.torn }, time: new Date(now()).toISOString() };
    const counted = lines.filter((line) => !line.startsWith('{"signature":')).length + 1;
    write(`${JSON.stringify(note)}\n`, counted, Buffer.from(found.rest, 'latin1'));
  }

  return {
    get seal() {
      return seal;
    },
    get bytes() {
      return size;
    },
    append: write,
    sign() {
      if (signedUpTo === records) return;
      const signature = signer.sign(toSignedText(chain, { seal, records }));
      write(`${JSON.stringify({ signature, of: seal, records })}\n`, 0);
      signedUpTo = records;
    },
    flush() {
      if (!isDirty || isFlushing) return;
      isDirty = false;
      isFlushing = true;
      fdatasync(file, () => {
        isFlushing = false;
      });
    },
    close() {
      fdatasyncSync(file);
      closeSync(file);
    },
  };
}
