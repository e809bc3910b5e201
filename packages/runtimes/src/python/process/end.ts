// How a worker process ended by itself, in words for the call that was in it.
import { PypesError } from '@pypes/contract';

/** `lastLines` is what it wrote to stderr at the end. */
export function describeEnd(
  exitCode: number | null,
  signal: string | null,
  wasReady: boolean,
  lastLines: readonly string[],
): PypesError {
  const how = signal === null ? `with the exit code ${exitCode}` : `by the signal ${signal}`;
  const stderr = lastLines.join('\n').trim();
  const last = stderr === '' ? '' : `; its last words were "${pickLine(stderr.split('\n'))}"`;
  const details = {
    ...(exitCode === null ? {} : { exitCode }),
    ...(signal === null ? {} : { signal }),
    ...(stderr === '' ? {} : { stderr }),
  };
  if (!wasReady)
    return new PypesError('unavailable', `A Python worker did not start; it ended ${how}${last}`, { details });
  return new PypesError('handler_failed', `The agent's Python process ended ${how} before the call was over${last}`, {
    details,
  });
}

/** What Python says of a crash, else whatever was written last. */
function pickLine(lines: readonly string[]): string {
  return lines.find((line) => line.startsWith('Fatal Python error')) ?? lines.at(-1) ?? '';
}
