// What the host makes ready for the threads of one core module.

export type CoreAttachment = {
  readonly module: WebAssembly.Module;
  /** It imports `use`: a call is suspended until the host has answered. */
  readonly waits: boolean;
  /** Code of its own runs when it is instantiated: that has to happen inside a call. */
  readonly starts: boolean;
  /** It exports `reset`: an instance serves one call of a user after another. */
  readonly resets: boolean;
  /** How deep its JSON may be nested. */
  readonly mostDepth: number;
};
