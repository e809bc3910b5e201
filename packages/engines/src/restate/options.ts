// What the engine is told: where Restate is, and how this process works for it.

/** What a process that executes runs needs besides; see {@link RestateEngineOptions}. */
export type RestateWorkerOptions = {
  /** Where this worker listens for Restate: a private address, never the internet. Default `127.0.0.1`. */
  readonly host?: string;
  /** Default 9080; 0 takes a free one. */
  readonly port?: number;
  /**
   * The address under which Restate reaches the workers: the same for all of them, with a balancer of connections behind
   * it where there are several. Default: this worker's own.
   */
  readonly url?: string;
  /** How many runs are executed at a time. Default 16. */
  readonly concurrency?: number;
  /** How long a run waits here for a free place before Restate tries elsewhere, in milliseconds. Default 1000. */
  readonly patienceMs?: number;
  /** How long `close` lets runs end by themselves before it gives them back to Restate, in milliseconds. Default 5000. */
  readonly drainMs?: number;
  /** How long `work` tries to make itself known to Restate, in milliseconds. Default 60,000. */
  readonly registerMs?: number;
  /** Public keys (`publickeyv1_…`) of the Restate cluster. With them, requests that it has not signed are refused. */
  readonly identityKeys?: readonly string[];
};

export type RestateEngineOptions = {
  /** The ingress, or that of each node: where one does not answer, the next one is asked. */
  readonly ingressUrl: string | readonly string[];
  /** The admin API, where workers make themselves known. Without it somebody else registers `worker.url`. */
  readonly adminUrl?: string;
  /** The service's name in Restate: another one for each installation that shares a cluster. Default `pypes_runs`. */
  readonly service?: string;
  /** How long `submit` and `cancel` try, in milliseconds. Default 2000. */
  readonly timeoutMs?: number;
  /** When an execution that was rejected or lost is tried again: the first time, and at most. Default 100 and 5000. */
  readonly retry?: { readonly firstMs: number; readonly mostMs: number };
  readonly worker?: RestateWorkerOptions;
  /** Hears what the SDK has to say. Default: nobody does. */
  readonly log?: (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;
};
