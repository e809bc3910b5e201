// A call of an engine: whose it is, what it needs of its host, how far it has come.
/** Whose a call is, as its agent is told. */
export type EngineUser = {
  readonly userGuid: string | null;
  readonly packGuid: string;
  readonly agent: string;
  readonly runId: string;
};

/** What a call needs of its host. */
export type EngineHost = {
  readonly ask: (operation: string, parameters: string) => Promise<string>;
  readonly log: (level: string, message: string, data?: unknown) => void;
  readonly progress: (fraction: number, message?: string) => void;
  readonly stopRequested: () => boolean;
  /** Told when the host wants the call to end while it waits. */
  readonly onStop: (listener: () => void) => void;
};

/** How a call ended. */
export type Outcome = { readonly text: string } | { readonly error: unknown };

/** The call that an engine runs. */
export type Call = {
  readonly host: EngineHost;
  outcome?: Outcome;
  /** Told of the outcome, where it did not come at once. */
  onOutcome?: (outcome: Outcome) => void;
  timers?: Map<number, ReturnType<typeof setTimeout>>;
  asking: number;
  spent: number;
};
