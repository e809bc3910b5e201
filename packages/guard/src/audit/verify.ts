// Verifies a segment of the audit log: every batch against its seal, signatures against the key (spec 4, audit).
import { AUDIT_FORMAT, type AuditLine, toSignedText } from '@pypes/contract';

/** What verifying needs of its surroundings: WebCrypto gives both. */
export type AuditCrypto = {
  /** SHA-256 in hex. */
  readonly sha256: (bytes: Uint8Array<ArrayBuffer>) => Promise<string>;
  /** Whether a signature (base64) over a text is by a key (SPKI, base64). */
  readonly verify: (key: string, text: string, signature: string) => Promise<boolean>;
};

/** One thing that is wrong, and where. */
export type AuditFault = { readonly line: number; readonly message: string };

/** What a segment holds. */
export type AuditReport = {
  readonly chain: string;
  readonly key: string;
  readonly previous?: { readonly file: string; readonly seal: string };
  /** Records under a seal. */
  readonly records: number;
  /** Records under a seal that is signed, or stands before one that is. */
  readonly signed: number;
  /** The last seal. */
  readonly seal: string;
  /** All seals, in order. */
  readonly seals: ReadonlySet<string>;
  /** What a process wrote when it was ended: nobody was told of it as done. */
  readonly unsealed: { readonly lines: number; readonly bytes: number };
  readonly faults: readonly AuditFault[];
};

/**
 * Reads a segment. A changed, removed, added or moved byte under a seal is a fault; so is a signature that does not
 * hold. Lines after the last seal are reported and no fault: that is how a process ends that was killed.
 */
export async function verifyAudit(bytes: Uint8Array<ArrayBuffer>, crypto: AuditCrypto): Promise<AuditReport> {
  const faults: AuditFault[] = [];
  const seals = new Set<string>();
  const first = lineAt(bytes, 0);
  // A process that was ended at its first write leaves this.
  if (first === undefined)
    return { chain: '', key: '', ...NOTHING, unsealed: { lines: 0, bytes: bytes.length }, seals, faults };
  const header = parse(first.text);
  const { chain, key } = header ?? {};
  if (header?.audit !== AUDIT_FORMAT || typeof chain !== 'string' || typeof key !== 'string') {
    return {
      chain: '',
      key: '',
      ...NOTHING,
      seals,
      faults: [{ line: 1, message: `The first line is no ${AUDIT_FORMAT} header` }],
    };
  }
  const state = { seal: '', records: 0, signed: 0, batchBegan: 0, inBatch: 0, lines: 0 };
  let number = 0;
  for (let at = 0; at < bytes.length; ) {
    const line = lineAt(bytes, at);
    if (line === undefined) break;
    number += 1;
    const entry = parse(line.text);
    if (entry === undefined) {
      faults.push({ line: number, message: 'The line is no JSON object' });
    } else if (typeof entry.seal === 'string' && typeof entry.records === 'number') {
      const made = await crypto.sha256(withSeal(state.seal, bytes.subarray(state.batchBegan, at)));
      if (made !== entry.seal) faults.push({ line: number, message: 'The seal is not that of the lines before it' });
      if (entry.records !== state.records + state.inBatch) {
        faults.push({
          line: number,
          message: `The seal counts ${entry.records} records, there are ${state.records + state.inBatch}`,
        });
      }
      Object.assign(state, { seal: entry.seal, records: entry.records, batchBegan: line.end, inBatch: 0, lines: 0 });
      seals.add(entry.seal);
    } else {
      state.lines += 1;
      if (typeof entry.signature === 'string') {
        const { signature, of, records } = entry;
        const text = toSignedText(chain, { seal: String(of), records: Number(records) });
        if (!seals.has(String(of)) || !(await crypto.verify(key, text, signature).catch(() => false))) {
          faults.push({ line: number, message: 'The signature does not hold' });
        } else state.signed = Math.max(state.signed, Number(records));
      } else if (number > 1) state.inBatch += 1;
    }
    at = line.end;
  }
  const previous = toPrevious(header);
  return {
    chain,
    key,
    ...(previous === undefined ? {} : { previous }),
    records: state.records,
    signed: state.signed,
    seal: state.seal,
    seals,
    unsealed: { lines: state.lines, bytes: bytes.length - state.batchBegan },
    faults,
  };
}

const NOTHING = { records: 0, signed: 0, seal: '', unsealed: { lines: 0, bytes: 0 } };

/** The line that begins at `at`; undefined where no line feed follows. */
function lineAt(bytes: Uint8Array, at: number): { readonly text: string; readonly end: number } | undefined {
  const end = bytes.indexOf(LINE_FEED, at);
  return end === -1 ? undefined : { text: DECODER.decode(bytes.subarray(at, end)), end: end + 1 };
}

const LINE_FEED = 10;
const DECODER = new TextDecoder();
const ENCODER = new TextEncoder();

function parse(text: string): AuditLine | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as AuditLine) : undefined;
  } catch {
    return undefined;
  }
}

function withSeal(seal: string, batch: Uint8Array): Uint8Array<ArrayBuffer> {
  const before = ENCODER.encode(`${seal}\n`);
  const whole = new Uint8Array(before.length + batch.length);
  whole.set(before);
  whole.set(batch, before.length);
  return whole;
}

function toPrevious({ previous }: AuditLine): { readonly file: string; readonly seal: string } | undefined {
  if (typeof previous !== 'object' || previous === null || Array.isArray(previous)) return undefined;
  const { file, seal } = previous as AuditLine;
  return { file: String(file), seal: String(seal) };
}
