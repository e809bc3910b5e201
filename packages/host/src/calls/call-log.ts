// What a call logs, and says of how far it is, bounded: so many lines and bytes, each line so long. Crossing a bound
// stops the call.
import { type Json, jsonSize, type Limits, type LogLevel, PypesError } from '@pypes/contract';

/** One log line. */
export type LogLine = { readonly level: LogLevel; readonly message: string; readonly data?: Json };

/** The log of one call. */
export interface CallLog {
  write(level: LogLevel, message: string, data?: Json): void;
  /** The words beside a progress as they may be told; undefined where the call has said too much. */
  progress(message: string): string | undefined;
}

/** A log that hands its lines to `emit`; `onOver` stops the call that logs too much. */
export function createCallLog(
  limits: Limits,
  emit: (line: LogLine) => void,
  onOver: (error: PypesError) => void,
): CallLog {
  let lines = 0;
  let bytes = 0;
  let progressBytes = 0;
  let over = false;

  function stop(limit: string, maximum: number, unit: string): void {
    over = true;
    onOver(
      new PypesError('resource_exhausted', `The call logged more than ${maximum} ${unit}`, {
        details: { limit, maximum },
      }),
    );
  }

  return {
    write(level, message, data) {
      if (over) return;
      const line = { level, message: cut(message, limits.logLineLength), ...(data === undefined ? {} : { data }) };
      lines += 1;
      bytes += jsonSize(line.message) + (data === undefined ? 0 : jsonSize(data));
      if (lines > limits.logLines) stop('log_lines', limits.logLines, 'lines');
      else if (bytes > limits.logBytes) stop('log_bytes', limits.logBytes, 'bytes');
      else emit(line);
    },
    // How often is not counted: a fraction alone takes no room, and whoever keeps events thins them out.
    progress(message) {
      if (over) return undefined;
      const text = cut(message, limits.logLineLength);
      progressBytes += jsonSize(text);
      if (progressBytes <= limits.logBytes) return text;
      stop('log_bytes', limits.logBytes, 'bytes of progress');
      return undefined;
    },
  };
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}… (${text.length - most} more characters)`;
}
