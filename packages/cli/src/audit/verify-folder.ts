// Verifies the whole audit log of a machine: every segment, how they follow each other, and the logs beside them.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AuditCrypto, type AuditReport, verifyAudit } from '@pypes/guard';
import { listAuditFiles } from '@pypes/stores/filesystem';

/** One file of the log. */
export type AuditFileReport = Omit<AuditReport, 'seals'> & { readonly file: string };

/** The whole log. `ok`: nothing is wrong in any of its files. */
export type AuditFolderReport = {
  readonly ok: boolean;
  readonly files: readonly AuditFileReport[];
  readonly records: number;
  readonly signed: number;
  /** The last seal of the last segment: kept elsewhere, it shows later that nothing was cut off. */
  readonly head: string;
};

/** What the log is held against. */
export type AuditExpectation = {
  /** The public key (SPKI, base64) of every segment. */
  readonly key?: string;
  /** A seal that the log has to have. */
  readonly head?: string;
};

/** Reads and verifies; what is wrong is in `faults` of its file. */
export async function verifyAuditFolder(folder: string, expected: AuditExpectation): Promise<AuditFolderReport> {
  const { segments, sides, adopted } = listAuditFiles(folder);
  const files: AuditFileReport[] = [];
  const texts = new Map<string, string>();
  let before: { readonly file: string; readonly report: AuditReport } | undefined;
  let hasHead = expected.head === undefined;
  for (const file of [...segments, ...adopted, ...sides]) {
    const bytes = new Uint8Array(await readFile(join(folder, file)));
    texts.set(file, Buffer.from(bytes).toString('utf8'));
    const report = await verifyAudit(bytes, CRYPTO);
    const faults = [...report.faults];
    const add = (message: string) => faults.push({ line: 1, message });
    if (expected.key !== undefined && report.chain !== '' && report.key !== expected.key) {
      add('It is signed with another key than the one that was given');
    }
    if (expected.head !== undefined && report.seals.has(expected.head)) hasHead = true;
    if (segments.includes(file)) {
      if (report.chain !== '') checkPrevious(report, before, add);
      before = { file, report };
    }
    const { seals: _seals, ...rest } = report;
    files.push({ file, ...rest, faults });
  }
  const ends = [...texts]
    .filter(([file]) => segments.includes(file))
    .map(([, text]) => text)
    .join('');
  const checked = files.map((each) =>
    adopted.includes(each.file) && !ends.includes(JSON.stringify({ file: each.file, seal: each.seal }))
      ? { ...each, faults: [...each.faults, { line: 1, message: 'No record of the log has its last seal' }] }
      : each,
  );
  const last = before?.report.seal ?? '';
  const all = hasHead ? checked : [...checked, missingHead(expected.head ?? '')];
  return {
    ok: all.every(({ faults }) => faults.length === 0),
    files: all,
    records: sum(files, ({ records }) => records),
    signed: sum(files, ({ signed }) => signed),
    head: last,
  };
}

function checkPrevious(
  report: AuditReport,
  before: { readonly file: string; readonly report: AuditReport } | undefined,
  add: (message: string) => void,
): void {
  const { previous } = report;
  if (before === undefined) {
    if (previous !== undefined) add(`It follows ${previous.file}, which is missing`);
    return;
  }
  if (previous === undefined || previous.file !== before.file) add(`It does not say that it follows ${before.file}`);
  else if (previous.seal !== before.report.seal) add(`${before.file} does not end as it did when this one began`);
}

function missingHead(head: string): AuditFileReport {
  return {
    file: '(the log)',
    chain: '',
    key: '',
    records: 0,
    signed: 0,
    seal: '',
    unsealed: { lines: 0, bytes: 0 },
    faults: [{ line: 0, message: `No file of the log has the seal ${head}: something was cut off, or replaced` }],
  };
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

const CRYPTO: AuditCrypto = {
  sha256: async (bytes) => createHash('sha256').update(bytes).digest('hex'),
  verify: async (key, text, signature) =>
    verify(
      null,
      Buffer.from(text),
      createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' }),
      Buffer.from(signature, 'base64'),
    ),
};
