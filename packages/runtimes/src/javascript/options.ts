// What the JavaScript runtime can be told, with its defaults.

export type JavascriptOptions = {
  /** Threads for one version of one file, at most. */
  readonly threadsPerFile?: number;
  /** Threads in all, at most; beyond, files wait their turn. One more may stand by warm. */
  readonly threads?: number;
  /** A thread without a call for so long ends. Milliseconds. */
  readonly idleMs?: number;
  /** Heap of one thread, at most. Mebibytes. */
  readonly heapMebibytes?: number;
};

export type Settings = Required<JavascriptOptions>;

export function withDefaults(options: JavascriptOptions): Settings {
  return { threadsPerFile: 8, threads: 32, idleMs: 30_000, heapMebibytes: 512, ...options };
}
