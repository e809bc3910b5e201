// One agent file in one Lua state: its AGENT, and its calls, each a coroutine that waits while the host answers.
import type { Engine } from '../../threads/guest/engines.ts';
import { LuaFailure, type OpenMachine, type Step, Stopped } from './outcome.ts';

/** What a call needs of its host. */
export type LuaHost = {
  /** Resolves to the JSON text of the answer; rejects with `{code, message, details?}`. */
  readonly ask: (operation: string, parameters: string) => Promise<string>;
  readonly log: (level: string, message: string, data: string) => void;
  /** The host wants the call that computes now to end. */
  readonly stopRequested: () => boolean;
  /** Told when the host wants the call to end while it waits. */
  readonly onStop: (listener: () => void) => void;
};

/** Milliseconds and bytes. */
export type LuaLimits = { readonly cpuMs: number; readonly guestBytes: number };

/** A loaded file. After {@link Stopped} was thrown once it is dead: a new one has to be made. */
export interface LuaProgram extends Engine {
  /** The JSON text of AGENT. @throws LuaFailure, Stopped */
  metadata(): string;
  /** The JSON text of the result. @throws LuaFailure, Stopped */
  call(args: string, about: string, host: LuaHost): Promise<string>;
  readonly heapBytes: number;
}

/** Loads a file in a new state. @throws LuaFailure, Stopped */
export async function loadProgram(
  source: string,
  name: string,
  limits: LuaLimits,
  openMachine: OpenMachine,
): Promise<LuaProgram> {
  /** The call that computes now; undefined while the file is loaded. */
  let current: { readonly host: LuaHost | undefined; spent: number; began: number } | undefined;
  let dead = false;

  const machine = await openMachine({
    guestBytes: limits.guestBytes,
    cpuMs: limits.cpuMs,
    onTick() {
      if (current === undefined) return;
      if (current.host?.stopRequested() === true) throw new Stopped('host');
      if (current.spent + performance.now() - current.began > limits.cpuMs) throw new Stopped('cpu_ms');
    },
    onLog: (level, message, data) => current?.host?.log(level, message, data),
  });

  /** Whatever unwinds the state from outside leaves it broken. */
  function compute<T>(run: { readonly host: LuaHost | undefined; spent: number; began: number }, work: () => T): T {
    const before = current;
    run.began = performance.now();
    current = run;
    try {
      return work();
    } catch (error) {
      if (!(error instanceof LuaFailure)) dead = true;
      throw error instanceof WebAssembly.RuntimeError || error instanceof RangeError ? toStopped(error) : error;
    } finally {
      run.spent += performance.now() - run.began;
      current = before;
    }
  }

  /** A program that used up its memory may have caught that anywhere: it is not used again. */
  function outOfMemory(read: (step: Step) => string, step: Step): string {
    try {
      return read(step);
    } catch (error) {
      if (!(error instanceof LuaFailure) || error.message !== NO_MEMORY) throw error;
      dead = true;
      throw new Stopped('guest_bytes');
    }
  }

  const loading = { host: undefined, spent: 0, began: 0 };
  compute(loading, () => machine.run(source, name));

  return {
    metadata() {
      const { first } = compute({ host: undefined, spent: 0, began: 0 }, () => machine.start('metadata', []));
      return resultOf(first);
    },
    async call(args, about, host) {
      const run = { host, spent: 0, began: 0 };
      const { coroutine, first } = compute(run, () => machine.start('call', [args, about]));
      let step = first;
      const stopped = step.done ? undefined : new Promise<undefined>((stop) => host.onStop(() => stop(undefined)));
      while (!step.done) {
        const [, operation, parameters] = step.values;
        const answer = await Promise.race([answerOf(host, operation, parameters), stopped]);
        if (dead || answer === undefined) {
          dead = true;
          throw new Stopped('host');
        }
        step = compute(run, () => coroutine.resume(answer));
      }
      coroutine.close();
      return outOfMemory(resultOf, step);
    },
    get dead() {
      return dead;
    },
    /** Its memory goes with its instance. */
    dispose: () => undefined,
    get heapBytes() {
      return machine.heapBytes;
    },
  };
}

const NO_MEMORY = 'not enough memory';

async function answerOf(
  host: LuaHost,
  operation: string | boolean | undefined,
  parameters: string | boolean | undefined,
): Promise<readonly [boolean, string]> {
  if (typeof operation !== 'string' || typeof parameters !== 'string') {
    return [false, '{"message":"coroutine.yield outside of a coroutine of the program"}'];
  }
  try {
    return [true, await host.ask(operation, parameters)];
  } catch (error) {
    const { code, message, details } = error as { code?: string; message?: string; details?: unknown };
    return [false, JSON.stringify({ code, message: message ?? String(error), details })];
  }
}

function resultOf({ values }: Step): string {
  const [outcome, text] = values;
  if (outcome === 'ok' && typeof text === 'string') return text;
  if (outcome !== 'failed' || typeof text !== 'string') throw new LuaFailure('The driver of the call was broken');
  const { code, cause, message } = JSON.parse(text) as { code?: string; cause?: string; message: string };
  throw new LuaFailure(message, code === 'invalid_output' ? code : undefined, cause);
}

/** The native stack, or the memory, was used up: the state is in no state any more. */
function toStopped(error: Error): Stopped {
  const stopped = new Stopped('guest_bytes');
  stopped.cause = error;
  return stopped;
}
