// What can be set about the Python sandbox, with its defaults.

/** Every option of {@link createPythonSandbox}. */
export type SandboxOptions = {
  /** The interpreter: a path or a name on PATH. Default: the environment variable PYPES_PYTHON, else `python3`. */
  readonly python?: string;
  /** bubblewrap: a path or a name on PATH. Default: the environment variable PYPES_BWRAP, else `bwrap`. */
  readonly bubblewrap?: string;
  /** How many sandboxes may compute at once; calls beyond that wait. Default 32. */
  readonly maxWorkers?: number;
  /** After how many milliseconds without a call a sandbox ends. Default 10,000. */
  readonly idleMs?: number;
  /**
   * Installed packages that agents may import: `installed` (default) are those of the interpreter, `none` leaves the
   * standard library alone, folders are looked through in their order instead. Always read-only.
   */
  readonly packages?: 'installed' | 'none' | readonly string[];
  /** How many bytes a sandbox may keep in /tmp, its only writable place, wiped after each call. Default 64 MiB. */
  readonly temporaryBytes?: number;
};

export type SandboxSettings = Required<SandboxOptions>;

const MEBIBYTE = 1024 * 1024;

export function toSandboxSettings(options: SandboxOptions): SandboxSettings {
  return {
    python: options.python ?? process.env.PYPES_PYTHON ?? 'python3',
    bubblewrap: options.bubblewrap ?? process.env.PYPES_BWRAP ?? 'bwrap',
    maxWorkers: Math.max(1, options.maxWorkers ?? 32),
    idleMs: options.idleMs ?? 10_000,
    packages: options.packages ?? 'installed',
    temporaryBytes: options.temporaryBytes ?? 64 * MEBIBYTE,
  };
}
