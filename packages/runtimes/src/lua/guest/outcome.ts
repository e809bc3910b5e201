// A Lua state as the programs in it need it, whatever it is made of: texts in, texts out, and how it stops.

/** Why a state was stopped. It cannot be used any more. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
  readonly limit: 'cpu_ms' | 'guest_bytes' | 'host';

  constructor(limit: Stopped['limit']) {
    super(`Stopped by ${limit}`);
    this.limit = limit;
  }
}

/** A failure of the program: a text such as `agent.lua:3: boom`, and a code where the driver gave one. */
export class LuaFailure extends Error {
  override readonly name = 'LuaFailure';
  readonly code: 'invalid_output' | undefined;
  /** The code of the host's refusal that the program did not catch. */
  readonly refusal: string | undefined;

  constructor(message: string, code?: 'invalid_output', refusal?: string) {
    super(message);
    this.code = code;
    this.refusal = refusal;
  }
}

/** What a coroutine did: ended with texts, or asks. */
export type Step = { readonly done: boolean; readonly values: readonly (string | boolean | undefined)[] };

/** A running coroutine. */
export interface Coroutine {
  resume(values: readonly (string | boolean)[]): Step;
  close(): void;
}

export type MachineOptions = {
  readonly guestBytes: number;
  readonly cpuMs: number;
  /** Called every so many instructions; throws {@link Stopped} to end the state. */
  readonly onTick: () => void;
  readonly onLog: (level: string, message: string, data: string) => void;
};

/** One state with the prelude in it. */
export interface Machine {
  /** Runs the top level of a file. @throws LuaFailure, Stopped */
  run(source: string, name: string): void;
  /** Starts a function of the driver in a coroutine of its own; `first` is what it did until it asked or ended. */
  start(name: 'metadata' | 'call', given: readonly string[]): { readonly coroutine: Coroutine; readonly first: Step };
  readonly heapBytes: number;
}

export type OpenMachine = (options: MachineOptions) => Promise<Machine>;
