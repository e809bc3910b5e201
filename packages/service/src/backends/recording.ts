// Recorded calls on their way to the disk of this machine; what goes wrong is logged and stops nothing.
import { join } from 'node:path';
import { toRecordingLines } from '@pypes/guard';
import type { HostRecording } from '@pypes/host';
import { createFilesystemRecordings } from '@pypes/stores/filesystem';
import type { LogEntry } from '../http/log.ts';

/** A recording below `<root>/recordings`, for {@link createHost}. */
export type Recording = HostRecording & {
  /** Resolves when all of it is written. */
  close(): Promise<void>;
};

/** Where recordings of a data folder lie. */
export function recordingsFolder(root: string): string {
  return join(root, 'recordings');
}

/** Says once in the log that it records, since recordings hold what was said. */
export function createRecording({
  root,
  log,
}: {
  readonly root: string;
  readonly log: (entry: LogEntry) => void;
}): Recording {
  const folder = recordingsFolder(root);
  const onError = (error: unknown, lost = 1) => {
    log({ level: 'error', event: 'recording.failed', folder, reason: String(error), runs_lost: lost });
  };
  const files = createFilesystemRecordings({ folder, onError });
  const message = 'Arguments and answers of calls are written down, secrets excepted';
  log({ level: 'info', event: 'recording.started', folder, message });
  return {
    onError,
    write: (run) => {
      files.write(toRecordingLines(run));
      if (run.lost > 0) log({ level: 'warn', event: 'recording.cut', run: run.root, calls_lost: run.lost });
    },
    close: () => files.close(),
  };
}
