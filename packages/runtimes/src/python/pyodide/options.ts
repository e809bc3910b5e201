// What can be set about the Pyodide sandbox, with its defaults.
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Every option of {@link createPyodideRuntime}. */
export type PyodideOptions = {
  /** The path of workerd. Default: the environment variable PYPES_WORKERD, else the npm package `workerd`. */
  readonly workerd?: string;
  /** How many sandboxes may compute at once; calls beyond that wait. Each has some 300 MB. Default 4. */
  readonly maxWorkers?: number;
  /** After how many milliseconds without a call a sandbox ends. Default 10,000. */
  readonly idleMs?: number;
  /** Where snapshots are kept; has to be a folder that this user alone may write. Default: one below the system's temporary folder. */
  readonly cache?: string;
};

export type PyodideSettings = Required<Omit<PyodideOptions, 'workerd'>> & { readonly workerd: string | undefined };

export function toPyodideSettings(options: PyodideOptions): PyodideSettings {
  return {
    workerd: options.workerd,
    maxWorkers: Math.max(1, options.maxWorkers ?? 4),
    idleMs: options.idleMs ?? 10_000,
    cache: options.cache ?? join(tmpdir(), `pypes-pyodide-${userInfo().uid}`),
  };
}
