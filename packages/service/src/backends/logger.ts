// Structured logs of a process: one JSON object a line, or a readable line where a person looks on.
import { writeSync } from 'node:fs';
import type { LogLevel } from '@pypes/contract';
import type { LogEntry } from '../http/log.ts';

/** Writes log entries. */
export interface Logger {
  (entry: LogEntry): void;
  /** Writes out what is still waiting. */
  flush(): void;
}

/** How a logger writes. */
export type LoggerOptions = {
  readonly level?: LogLevel;
  /** For people instead of programs. */
  readonly readable?: boolean;
  readonly write?: (text: string) => void;
};

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];
const STANDARD_ERROR = 2;

/** A logger on standard error; lines of one turn of the event loop go out in one write. */
export function createLogger(options: LoggerOptions = {}): Logger {
  const least = LEVELS.indexOf(options.level ?? 'info');
  const write = options.write ?? writeToStandardError;
  let waiting = '';

  function flush(): void {
    if (waiting === '') return;
    const text = waiting;
    waiting = '';
    write(text);
  }

  const log = (entry: LogEntry): void => {
    if (LEVELS.indexOf(entry.level) < least) return;
    if (waiting === '') setImmediate(flush);
    const time = new Date().toISOString();
    waiting += options.readable === true ? toLine(time, entry) : `${JSON.stringify({ time, ...entry })}\n`;
  };
  return Object.assign(log, { flush });
}

/** A reader that went away, or cannot keep up, or a disk that is full must not stop the service: nobody can be told. */
function writeToStandardError(text: string): void {
  try {
    writeSync(STANDARD_ERROR, text);
  } catch {
    // Whatever it is: the next line is tried again.
  }
}

function toLine(time: string, { level, event, ...fields }: LogEntry): string {
  const rest = Object.entries(fields).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? quoted(value) : JSON.stringify(value)}`,
  );
  return `${time.slice(11, 23)} ${level.padEnd(5)} ${event}${rest.length === 0 ? '' : ` ${rest.join(' ')}`}\n`;
}

/** What an agent logs is shown, never obeyed: control characters could move the cursor of a terminal. */
function quoted(text: string): string {
  return /^[\w.:/@-]+$/.test(text) ? text : JSON.stringify(text);
}
