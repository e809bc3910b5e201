// Which files of a folder are the audit log: segments in order, and logs of processes that ran beside its writer.
import { readdirSync } from 'node:fs';

const SEGMENT = /^(\d{6})\.jsonl$/;
const SIDE = /^side-(\d+)-[0-9a-f-]{36}\.jsonl$/;
const ADOPTED = /^adopted-\d+-[0-9a-f-]{36}\.jsonl$/;

/** File names. `adopted` are sides of processes that have ended: a record of the segments has their seal. */
export type AuditFiles = {
  readonly segments: readonly string[];
  readonly sides: readonly string[];
  readonly adopted: readonly string[];
};

/** The files of an audit log, in order. Empty where the folder is missing. */
export function listAuditFiles(folder: string): AuditFiles {
  let names: string[] = [];
  try {
    names = readdirSync(folder).sort();
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ENOENT') throw error;
  }
  const matching = (pattern: RegExp) => names.filter((name) => pattern.test(name));
  return { segments: matching(SEGMENT), sides: matching(SIDE), adopted: matching(ADOPTED) };
}

/** The segment after one; the first one after none. */
export function nextSegment(name: string | undefined): string {
  const number = name === undefined ? 0 : Number(SEGMENT.exec(name)?.[1] ?? 0);
  return `${String(number + 1).padStart(6, '0')}.jsonl`;
}

/** The log of a process beside the one that writes the segments. */
export function sideName(pid: number, id: string): string {
  return `side-${pid}-${id}.jsonl`;
}

/** Which process writes a side. */
export function writerOf(side: string): number {
  return Number(SIDE.exec(side)?.[1]);
}

/** What a side is called once it is adopted. */
export function adoptedName(side: string): string {
  return side.replace('side-', 'adopted-');
}
