// What a program writes to stderr, as log lines within the host's limits.
import type { Limits } from '@pypes/contract';

/** Writes at most `logLines` lines; `close` says how many more there were. */
export function createLineLog(limits: Pick<Limits, 'logLines' | 'logLineLength'>, log: (line: string) => void) {
  const { logLines, logLineLength } = limits;
  let lines = 0;
  return {
    write(line: string): void {
      lines++;
      if (lines > logLines) return;
      const rest = line.length - logLineLength;
      log(rest <= 0 ? line : `${line.slice(0, logLineLength)} … ${rest} more characters`);
    },
    close(): void {
      if (lines > logLines) log(`${lines - logLines} more lines dropped`);
    },
  };
}
