// Who executes accepted runs: this process, or workers that an engine finds (spec 5, stores behind interfaces).
import type { RunRef } from './store.ts';

/** Executes one run to its end; rejects only where it could not be said what became of it, and somebody has to try again. */
export type ExecuteRun = (ref: RunRef, signal: AbortSignal) => Promise<void>;

export interface RunEngine {
  /** Hands on a run that the store has accepted. Where it fails, the run stays queued and is handed on later. */
  submit(ref: RunRef): Promise<void>;
  /** Interrupts a run that was asked to cancel, wherever it is. */
  cancel(ref: RunRef): Promise<void>;
  /** From now on this process executes runs. */
  work(execute: ExecuteRun): Promise<void>;
  close(): Promise<void>;
}
