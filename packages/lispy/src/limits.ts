/** The limits of a run as plain data, with the defaults of spec 3, and the meter that operations charge. */

/** Upper bounds of one run; every crossing is a `limit` error that names the bound. */
export type LispyLimits = {
  /** Procedure calls, loop turns, and one per item for operations on many items. */
  readonly steps: number;
  /** Calls that wait for a result at the same time. */
  readonly depth: number;
  /** Nested brackets in a source text or in JSON text. */
  readonly readerDepth: number;
  /** Characters of one source text. */
  readonly source: number;
  /** Forms of one program after macro expansion. */
  readonly program: number;
  /** Items in one list or map. */
  readonly items: number;
  /** Characters in one string; digits of an integer are bounded by it too. */
  readonly string: number;
  /** Characters of captured output. */
  readonly output: number;
  /** Estimated bytes allocated by one run, whether still in use or not. */
  readonly memory: number;
};

/** The limits of spec 3. */
export const defaultLimits: LispyLimits = {
  steps: 1_000_000,
  depth: 10_000,
  readerDepth: 256,
  source: 1_048_576,
  program: 1_000_000,
  items: 1_000_000,
  string: 8_388_608,
  output: 1_048_576,
  memory: 268_435_456,
};

const filled = new WeakMap<Partial<LispyLimits>, LispyLimits>();

/** Fills the gaps of a partial set of limits with the defaults; the same set, which must not change, is filled once. */
export const withDefaults = (limits: Partial<LispyLimits> | undefined): LispyLimits => {
  if (limits === undefined) return defaultLimits;
  let whole = filled.get(limits);
  if (whole === undefined) {
    whole = { ...defaultLimits, ...limits };
    filled.set(limits, whole);
  }
  return whole;
};

/** What an operation charges while it works; a run is one, and so is a bare conversion outside a run. */
export interface Meter {
  readonly limits: LispyLimits;
  /** Pays for work before it is done; throws when the steps of the run are used up. */
  charge(steps: number): void;
  /** Pays for memory before it is taken. */
  allocate(bytes: number): void;
}

/** A meter for conversions outside a run: only the sizes in `limits` bind. */
export const freeMeter = (limits: LispyLimits = defaultLimits): Meter => ({
  limits,
  charge() {},
  allocate() {},
});
