// What happens during a call, as MCP's notifications: progress that only grows, and log lines.
import type { LoggingLevel } from '@modelcontextprotocol/server';
import type { Json, LogLevel } from '@pypes/contract';
import type { CallEvent } from '@pypes/host';

/** Where notifications go; absent: the client did not ask for them. */
export type EventSink = {
  readonly progress?: (params: { progress: number; total: number; message?: string }) => void;
  readonly log?: (level: LoggingLevel, data: Json, logger: string) => void;
};

const LEVELS: { readonly [level in LogLevel]: LoggingLevel } = {
  debug: 'debug',
  info: 'info',
  warn: 'warning',
  error: 'error',
};
const TOTAL = 100;

/** A listener for the events of one call, or undefined where nobody wants them. Only `agent` itself reports progress. */
export function toListener({ progress, log }: EventSink, agent: string): ((event: CallEvent) => void) | undefined {
  if (progress === undefined && log === undefined) return undefined;
  let last = -1;
  return (event) => {
    if (event.type === 'log') {
      log?.(
        LEVELS[event.level],
        event.data === undefined ? event.message : { message: event.message, data: event.data },
        event.agent,
      );
      return;
    }
    const reached = Math.max(0, Math.min(1, event.fraction)) * TOTAL;
    if (event.agent !== agent || !(reached > last)) return;
    last = reached;
    progress?.({ progress: reached, total: TOTAL, ...(event.message === undefined ? {} : { message: event.message }) });
  };
}
