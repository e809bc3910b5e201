// One run that this process has under way, and the one switch that stops it.
import { PypesError } from '@pypes/contract';
import type { RunRecord, RunRef } from '@pypes/contract/runs';

/**
 * Why it is stopped. `cancel`: somebody asked for it, and it is ended. `lost`: another worker has it, or nothing of it
 * can be stored; it is left as it is. `handover`: this process shuts down, and the next one goes on with it.
 */
export type StopReason = 'cancel' | 'lost' | 'handover';

const WORDS: { readonly [reason in StopReason]: PypesError } = {
  cancel: new PypesError('canceled', 'The run was canceled'),
  lost: new PypesError('canceled', 'The run has gone on elsewhere'),
  handover: new PypesError('canceled', 'The worker shuts down; the run goes on with another one'),
};

export class ActiveRun {
  readonly record: RunRecord;
  readonly ref: RunRef;
  readonly #controller = new AbortController();
  #reason: StopReason | undefined;

  constructor(record: RunRecord) {
    this.record = record;
    this.ref = { tenant: record.tenant, run_id: record.run_id };
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get reason(): StopReason | undefined {
    return this.#reason;
  }

  /** It is not this worker's to end. */
  get isLeft(): boolean {
    return this.#reason === 'lost' || this.#reason === 'handover';
  }

  /** A run that is to be canceled can still be lost, or left to the next process. */
  stop(reason: StopReason): void {
    if (this.#reason === 'lost' || this.#reason === reason) return;
    this.#reason = reason;
    this.#controller.abort(WORDS[reason]);
  }

  /** @throws PypesError `canceled` where it was stopped */
  check(): void {
    if (this.#reason !== undefined) throw WORDS[this.#reason];
  }
}
