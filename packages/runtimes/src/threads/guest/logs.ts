// The log of one call inside the thread: bounded by the host's limits before anything is sent.
import { type AgentSource, TO_HOST } from '../wire/messages.ts';
import type { Tell } from './call.ts';

export type CallLog = {
  write(level: string, message: string, data?: unknown): void;
  /** Text without a line end yet: kept until the line is complete or the call ends. */
  print(level: string, text: string): void;
  /** Sends what is incomplete. */
  close(): void;
};

type Limits = Pick<AgentSource, 'logLines' | 'logLineLength'>;

/** What is written after `close`, by leftover timers, goes nowhere: the call's record is complete. */
export function createCallLog(id: number, limits: Limits, tell: Tell): CallLog {
  let lines = 0;
  let closed = false;
  let partial: Map<string, string> | undefined;

  function write(level: string, message: string, data?: unknown): void {
    if (closed) return;
    // One line too many is sent: at it the host stops the call.
    if (lines > limits.logLines) return;
    lines++;
    const text = shorten(message, limits.logLineLength);
    tell(TO_HOST.log, id, JSON.stringify(data === undefined ? [level, text] : [level, text, toData(data, limits)]));
  }

  return {
    write,
    print(level, text) {
      const parts = ((partial?.get(level) ?? '') + text).split('\n');
      const rest = parts.pop() as string;
      for (const line of parts) write(level, line);
      partial ??= new Map();
      partial.set(level, rest.slice(0, limits.logLineLength + 1));
    },
    close() {
      if (partial !== undefined) for (const [level, text] of partial) if (text !== '') write(level, text);
      closed = true;
    },
  };
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)} … ${text.length - length} more characters`;
}

/** The data of a log line; what is no JSON or too long is said, not sent. */
function toData(data: unknown, limits: Limits): unknown {
  let text: string | undefined;
  try {
    text = JSON.stringify(data);
  } catch (error) {
    return `No JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (text === undefined) return `No JSON: ${typeof data}`;
  return text.length <= limits.logLineLength ? data : `Dropped: ${text.length} characters of data`;
}
