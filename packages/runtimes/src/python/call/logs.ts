// The log of one call: what it printed and logged, line by line, within the host's limits.
import type { Json, Limits, LogLevel } from '@pypes/contract';

export type CallLog = {
  write(level: LogLevel, message: string, data?: Json): void;
  /** Counts lines that the worker has not even sent. */
  addDropped(count: number): void;
  /** Says how many lines were dropped. */
  close(): void;
};

export function createCallLog(
  { logLines, logLineLength }: Pick<Limits, 'logLines' | 'logLineLength'>,
  log: (level: LogLevel, message: string, data?: Json) => void,
): CallLog {
  let lines = 0;
  let dropped = 0;
  return {
    write(level, message, data) {
      lines++;
      if (lines > logLines) dropped++;
      else log(level, message.length > logLineLength ? `${message.slice(0, logLineLength)}…` : message, data);
    },
    addDropped(count) {
      dropped += count;
    },
    close() {
      if (dropped > 0) log('warn', `${dropped} more lines dropped; a call may log ${logLines} lines`);
      dropped = 0;
    },
  };
}
