// The limits of a host, as data, with the defaults of spec 2.

/**
 * Every limit that a host applies; bytes, milliseconds or counts as the names say. A call that crosses one is stopped
 * with an error whose details name it: `{limit: "cpu_ms", maximum: 30000}`.
 */
export type Limits = {
  readonly fileBytes: number;
  readonly componentBytes: number;
  readonly bundleBytes: number;
  readonly argumentBytes: number;
  readonly outputBytes: number;
  /** Wall time of a call and of all that it calls. */
  readonly callMs: number;
  /** CPU time of one sandboxed call. */
  readonly cpuMs: number;
  /** Memory that a sandboxed guest may have beyond its language's own. */
  readonly guestBytes: number;
  /** How deep `context.call` may nest. */
  readonly callDepth: number;
  /** How many calls and other requests one call may have under way at once. */
  readonly fanOut: number;
  /** How many requests to the network one call may have under way at once. */
  readonly openSockets: number;
  /** How many calls may be in flight at once. */
  readonly concurrentCalls: number;
  /** How many log lines one call may write. */
  readonly logLines: number;
  /** How many bytes all log lines of one call may have. */
  readonly logBytes: number;
  /** How many characters one log line may have; the rest is cut off. */
  readonly logLineLength: number;
  /** How many bytes one user's memory document may have. */
  readonly memoryBytes: number;
  readonly objectBytes: number;
  /** How many bytes all objects of one user may have. */
  readonly objectsBytes: number;
  /** One request to the network, redirects included. */
  readonly fetchMs: number;
  readonly fetchBytes: number;
  readonly fetchRedirects: number;
  /** How many bytes the files of one working session may have. */
  readonly sessionBytes: number;
};

const MEBIBYTE = 1024 * 1024;

/** Spec 2's defaults, and ours where it has none. */
export const DEFAULT_LIMITS: Limits = {
  fileBytes: 2 * MEBIBYTE,
  componentBytes: 32 * MEBIBYTE,
  bundleBytes: 64 * MEBIBYTE,
  argumentBytes: MEBIBYTE,
  outputBytes: 8 * MEBIBYTE,
  callMs: 60_000,
  cpuMs: 30_000,
  guestBytes: 256 * MEBIBYTE,
  callDepth: 16,
  fanOut: 64,
  openSockets: 8,
  concurrentCalls: 2_000,
  logLines: 1_000,
  logBytes: MEBIBYTE,
  logLineLength: 8_192,
  memoryBytes: 8 * MEBIBYTE,
  objectBytes: 32 * MEBIBYTE,
  objectsBytes: 256 * MEBIBYTE,
  fetchMs: 30_000,
  fetchBytes: 8 * MEBIBYTE,
  fetchRedirects: 5,
  sessionBytes: 256 * MEBIBYTE,
};
