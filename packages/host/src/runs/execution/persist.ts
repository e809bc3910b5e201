// Stores that fail for a while, a full disk say: what has to be stored is tried again, and somebody is told.

/** How something is tried again. */
export type PersistOptions = {
  readonly onFailure: (error: unknown, failures: number) => void;
  /** Whether trying again has lost its sense: somebody else has the run, or the process is ending. */
  readonly isOver: () => boolean;
  /** How often; default: for about half a minute. */
  readonly tries?: number;
};

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5_000;
/** About half a minute: then a run is left to whoever can store it. */
const MOST_FAILURES = 12;

/** Does `work` until it goes through. @throws what it threw last, where it is over or was tried too often */
export async function persist<T>(
  work: () => Promise<T>,
  { onFailure, isOver, tries = MOST_FAILURES }: PersistOptions,
): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await work();
    } catch (error) {
      onFailure(error, failures);
      if (isOver() || failures >= tries) throw error;
      await pause(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1)));
      if (isOver()) throw error;
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
