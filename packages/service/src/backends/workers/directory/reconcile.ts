// The list of packs, put right where a change was announced and never settled: the pack itself says what became of it.
import type { PackSummary } from '@pypes/contract';
import type { LogEntry } from '../../../http/log.ts';
import type { DirectoryRow, DirectoryRows } from './rows.ts';

export type Reconciliation = {
  readonly rows: DirectoryRows;
  /** Asks the pack; it answers when no change of it is under way. Undefined where there is none. */
  readonly ask: (guid: string) => Promise<PackSummary | undefined>;
  readonly log: (entry: LogEntry) => void;
  /** Default: 5000. */
  readonly mostMs?: number;
};

const MOST_MS = 5_000;
const AT_ONCE = 16;

/** Packs that do not answer are listed as they were known before, and asked again by the next one who lists. */
export async function listPacks(options: Reconciliation): Promise<readonly PackSummary[]> {
  const known = options.rows.all();
  const found = new Map<string, PackSummary | undefined>();
  const waiting = known.filter(({ intent }) => intent !== undefined);
  const worker = async () => {
    for (let row = waiting.pop(); row !== undefined; row = waiting.pop()) {
      found.set(row.guid, await reconcile(row, options));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return known.flatMap(({ guid, summary }) => (found.has(guid) ? found.get(guid) : summary) ?? []);
}

async function reconcile(
  { guid, summary, intent = '' }: DirectoryRow,
  { rows, ask, log, mostMs = MOST_MS }: Reconciliation,
): Promise<PackSummary | undefined> {
  try {
    const now = await within(mostMs, ask(guid));
    rows.settle(guid, intent, now);
    return now;
  } catch (error) {
    log({ level: 'warn', event: 'directory.unsettled', pack: guid, reason: String(error) });
    return summary;
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`The pack did not answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
