// What can be set about the Python runtime, with its defaults.
import { nameOfPython } from './process/interpreter.ts';

/** How much a worker may send before it is ended. */
export type Bounds = {
  /** Bytes of one message. */
  readonly frameBytes: number;
  /** Values within one message, each of which takes more memory than its text. */
  readonly frameValues: number;
  /** Bytes on descriptors 1 and 2 during one job. */
  readonly outputBytes: number;
  /** Messages during one job that need no answer. */
  readonly notices: number;
};

/** How a worker process is started. */
export type Launch = {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: { readonly [name: string]: string | undefined };
  /** Files that it finds opened for reading, as descriptors from 5 on. */
  readonly files?: readonly string[];
  /** What a worker may send that may be in the hands of anybody. Default: no limits. */
  readonly bounds?: Bounds;
  /** The worker's own process, where the one that was started is something around it. */
  readonly findWorker?: (pid: number) => number | undefined;
};

/** Every option of {@link createPythonRuntime}. */
export type PythonOptions = {
  /** The interpreter: a path or a name on PATH. Default: the environment variable PYPES_PYTHON, else `python3`. */
  readonly python?: string;
  /** How many workers may compute at once, over all packs; calls beyond that wait. Default 64. */
  readonly maxWorkers?: number;
  /** After how many milliseconds without a call a worker ends. Default 30,000. */
  readonly idleMs?: number;
  /** Starts an interpreter at once, for files that are about to come; default: with the first file. */
  readonly startsEarly?: boolean;
  /** Changes how a worker is started, to put it into a sandbox for instance. Descriptors 0 to 4 have to reach it. */
  readonly launch?: (plan: Launch) => Launch;
};

export type PythonSettings = Required<PythonOptions>;

export function toSettings(options: PythonOptions): PythonSettings {
  return {
    python: options.python ?? nameOfPython(),
    maxWorkers: Math.max(1, options.maxWorkers ?? 64),
    idleMs: options.idleMs ?? 30_000,
    startsEarly: options.startsEarly ?? false,
    launch: options.launch ?? ((plan) => plan),
  };
}
