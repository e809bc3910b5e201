// What a pool of threads can be told, with its defaults.

import type { ThreadLanguage } from './pool/thread.ts';

export type ThreadOptions = {
  /** Threads for one version of one file, at most. */
  readonly threadsPerFile?: number;
  /** Threads in all, at most; beyond, files wait their turn. One more may stand by warm. */
  readonly threads?: number;
  /** A thread without a call for so long ends. Milliseconds. */
  readonly idleMs?: number;
  /** Watch the processor time of threads from outside; for languages that cannot count it inside. */
  readonly isMetered?: boolean;
  /** Heap of one thread, at most. Mebibytes. */
  readonly heapMebibytes?: number;
};

export type Settings = Required<ThreadOptions> & {
  readonly language: ThreadLanguage;
  /** What debuggers, profilers and `top -H` call the threads. */
  readonly name: string;
};

export function withDefaults(name: string, language: ThreadLanguage, options: ThreadOptions): Settings {
  return {
    threadsPerFile: 8,
    threads: 32,
    idleMs: 30_000,
    heapMebibytes: 512,
    isMetered: false,
    ...options,
    language,
    name,
  };
}
