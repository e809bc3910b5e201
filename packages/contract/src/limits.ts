// The limits of a host, as data, with the defaults of spec 2.

/** Every limit that a host applies; bytes, milliseconds or counts as the names say. */
export type Limits = {
  readonly fileBytes: number;
  readonly componentBytes: number;
  readonly bundleBytes: number;
  readonly argumentBytes: number;
  readonly outputBytes: number;
  readonly callMs: number;
  /** How deep `context.call` may nest. */
  readonly callDepth: number;
  /** How many calls may be in flight at once. */
  readonly concurrentCalls: number;
  /** How many log lines one call may write; the rest is counted and dropped with a note. */
  readonly logLines: number;
  /** How many characters one log line may have. */
  readonly logLineLength: number;
  /** How many bytes one user's memory document may have. */
  readonly memoryBytes: number;
};

const MEBIBYTE = 1024 * 1024;

/** Spec 2's defaults. */
export const DEFAULT_LIMITS: Limits = {
  fileBytes: 2 * MEBIBYTE,
  componentBytes: 32 * MEBIBYTE,
  bundleBytes: 64 * MEBIBYTE,
  argumentBytes: MEBIBYTE,
  outputBytes: 8 * MEBIBYTE,
  callMs: 60_000,
  callDepth: 16,
  concurrentCalls: 2_000,
  logLines: 1_000,
  logLineLength: 8_192,
  memoryBytes: 8 * MEBIBYTE,
};
