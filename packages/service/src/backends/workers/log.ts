// Logs of a Worker: one JSON object a line on its console, where the platform keeps it.
import type { LogLevel } from '@pypes/contract';
import type { LogEntry } from '../../http/log.ts';

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** Entries below the level are left out. */
export function createWorkerLog(
  level: LogLevel,
  write: (line: string) => void = (line) => console.log(line),
): (entry: LogEntry) => void {
  const least = LEVELS.indexOf(level);
  return (entry) => {
    if (LEVELS.indexOf(entry.level) >= least) write(JSON.stringify({ time: new Date().toISOString(), ...entry }));
  };
}
