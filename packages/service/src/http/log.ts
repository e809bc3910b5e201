// What the service logs: one flat object a line.
import type { Json, LogLevel } from '@pypes/contract';

/** One structured log line; `event` names what happened. */
export type LogEntry = { readonly level: LogLevel; readonly event: string; readonly [key: string]: Json | undefined };
