// What a call logs, bounded: so many lines, each so long, and the rest counted.
import type { Json, Limits, LogLevel } from '@pypes/contract';

/** One log line. */
export type LogLine = { readonly level: LogLevel; readonly message: string; readonly data?: Json };

/** The log of one call. */
export interface CallLog {
  write(level: LogLevel, message: string, data?: Json): void;
  /** Says how much was left out, where anything was. */
  end(): void;
}

/** A log that hands its lines to `emit`. */
export function createCallLog(limits: Limits, emit: (line: LogLine) => void): CallLog {
  let written = 0;
  return {
    write(level, message, data) {
      written += 1;
      if (written > limits.logLines) return;
      emit({ level, message: cut(message, limits.logLineLength), ...(data === undefined ? {} : { data }) });
    },
    end() {
      const dropped = written - limits.logLines;
      if (dropped > 0) emit({ level: 'warn', message: `${dropped} more log lines were left out` });
    },
  };
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}… (${text.length - most} more characters)`;
}
