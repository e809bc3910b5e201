// What the store of runs noticed and went on after: said to the operator, never swallowed.

/** `warn`: put right, nothing was lost. `error`: something is damaged or missing. */
export type RunStoreProblem = {
  readonly level: 'warn' | 'error';
  readonly message: string;
  readonly cause?: unknown;
};

export type OnProblem = (problem: RunStoreProblem) => void;

/** For whoever does not listen. */
export function warnProcess({ message }: RunStoreProblem): void {
  process.emitWarning(message, 'RunStoreWarning');
}
