// The form of the audit log: JSON lines in batches, each batch sealed with a hash over it and the seal before it.
import type { Json } from './json.ts';

/** The first word of every segment. */
export const AUDIT_FORMAT = 'pypes-audit/1';

/** The first line of a segment. */
export type AuditHeader = {
  readonly audit: typeof AUDIT_FORMAT;
  /** One id for this segment. */
  readonly chain: string;
  readonly started: string;
  /** The Ed25519 public key (SPKI, base64) that signs seals of this segment. */
  readonly key: string;
  /** The segment before this one, and its last seal. */
  readonly previous?: { readonly file: string; readonly seal: string };
};

/**
 * Ends a batch: SHA-256, in hex, over the seal before (empty for the first one), a line feed, and all bytes of the
 * batch. `records` counts the records of the segment up to here.
 */
export type AuditSeal = { readonly seal: string; readonly records: number };

/** An Ed25519 signature (base64) over {@link toSignedText} of a seal that stands before it. */
export type AuditSignature = { readonly signature: string; readonly of: string; readonly records: number };

/** What a signature of the audit log is over. */
export function toSignedText(chain: string, { seal, records }: AuditSeal): string {
  return `${AUDIT_FORMAT}\n${chain}\n${records}\n${seal}\n`;
}

/** Where a log of decisions goes. */
export interface AuditLog {
  /** Adds a record: one line of JSON text. It goes out with those of the same moment. */
  write(line: string): void;
  /**
   * Resolves when all that was written so far has left this process; undefined where nothing waits.
   * @throws PypesError `unavailable` where it could not be written: it is kept, and tried again
   */
  settled(): Promise<void> | undefined;
  /** @throws PypesError `unavailable` while the log cannot be written: nothing is decided that is not recorded */
  check(): void;
  /** Writes out, signs and flushes to the disk. */
  close(): void;
}

/** One line of a log, parsed. */
export type AuditLine = { readonly [key: string]: Json };
