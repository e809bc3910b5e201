// What is wrong with a workerd that still runs: it answers nobody, or has grown too large. It looks after neither itself.
import type { Workerd } from './start-workerd.ts';

export type Bounds = {
  /** A request that is not answered within so many milliseconds is a hang. */
  readonly stallMs: number;
  /** Of the whole process, resident. */
  readonly memoryBytes: number;
};

export type Senses = {
  /** Whether somebody answers on a port within so many milliseconds; whatever the answer is. */
  readonly answers: (port: number, withinMs: number) => Promise<boolean>;
  /** Bytes that a process has; undefined where it is gone. */
  readonly memoryOf: (pid: number) => Promise<number | undefined>;
  /** Rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
};

export type Trouble = { readonly kind: 'stalled' | 'too_large' | 'ended'; readonly message: string };

const PROBE_MS = 1_000;
const LOOK_MS = 250;
const MEBIBYTE = 1024 * 1024;

/** Resolves when there is trouble; undefined where the signal aborts first. */
export async function waitForTrouble(
  workerd: Pick<Workerd, 'pid' | 'port' | 'gone'>,
  { stallMs, memoryBytes }: Bounds,
  { answers, memoryOf, sleep }: Senses,
  signal: AbortSignal,
): Promise<Trouble | undefined> {
  const over = new AbortController();
  const ends = AbortSignal.any([signal, over.signal]);

  async function stalls(): Promise<Trouble> {
    for (;;) {
      await sleep(PROBE_MS, ends);
      if (await answers(workerd.port, stallMs)) continue;
      return { kind: 'stalled', message: `It answered nobody for ${stallMs} ms` };
    }
  }

  async function grows(): Promise<Trouble> {
    for (;;) {
      await sleep(LOOK_MS, ends);
      const bytes = await memoryOf(workerd.pid);
      if (bytes === undefined || bytes <= memoryBytes) continue;
      const [has, most] = [bytes, memoryBytes].map((each) => Math.ceil(each / MEBIBYTE));
      return { kind: 'too_large', message: `It has ${has} MiB of memory, ${most} are allowed` };
    }
  }

  const ended = workerd.gone.then((): Trouble => ({ kind: 'ended', message: 'It ended by itself, or was killed' }));
  try {
    return await Promise.race([ended, stalls(), grows()]);
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  } finally {
    over.abort();
  }
}
