// One call as its guest sees it.
import type { CallLog } from './logs.ts';

/** Writes one record to the host. */
export type Tell = (kind: number, id: number, text: string) => void;

/** One call inside the thread. */
export type GuestCall = {
  readonly id: number;
  readonly log: CallLog;
  /** Tells the host how far the call is. */
  readonly progress: (fraction: number, message?: string) => void;
  controller?: AbortController;
  ended: boolean;
};
