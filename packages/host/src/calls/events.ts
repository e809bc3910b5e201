// What happens during a call, as events: what an agent logs and how far it is.
import type { Json, LogLevel } from '@pypes/contract';

type About = {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly run_id: string;
  readonly pack_guid: string;
  readonly agent: string;
};

/** One event of a call. */
export type CallEvent =
  | (About & { readonly type: 'log'; readonly level: LogLevel; readonly message: string; readonly data?: Json })
  | (About & { readonly type: 'progress'; readonly fraction: number; readonly message?: string });
