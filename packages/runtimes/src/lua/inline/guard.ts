// Watches one Lua state: counts its instructions, and what they make, before they do; Fengari itself bounds neither.
import lopcodes from 'fengari/src/lopcodes.js';
import { Stopped } from '../guest/outcome.ts';
import { type Guard, type LuaState, raise } from './fengari.ts';
import { BYTES, measure } from './measure.ts';
import { widen } from './whole-numbers.ts';

/** Instructions from one look at clock and host to the next. */
const TICK = 10_000;
/** Slots of one stack: some hundred thousand calls in calls are an error, which a program can catch. */
const MOST_SLOTS = 150_000;
/** Memory is measured anew when so much was made, at the latest: a part of what is allowed. */
const LEAST_SLACK = 1 / 8;

const {
  OP_CALL,
  OP_CLOSURE,
  OP_CONCAT,
  OP_EQ,
  OP_LE,
  OP_LT,
  OP_NEWTABLE,
  OP_SETLIST,
  OP_SETTABLE,
  OP_SETTABUP,
  OP_TAILCALL,
  OP_VARARG,
} = lopcodes.OpCodesI;

/** Operands from here on are constants of the function. */
const FIRST_CONSTANT = 256;

/** Bytes that an instruction may make, at most where nothing else is said. */
const WEIGHTS = new Float64Array(64);
for (const [opcode, bytes] of [
  [OP_NEWTABLE, BYTES.table],
  [OP_CLOSURE, 2 * BYTES.closure],
  [OP_SETTABLE, BYTES.entry],
  [OP_SETTABUP, BYTES.entry],
  [OP_SETLIST, 50 * BYTES.entry],
  [OP_CALL, BYTES.frame],
  [OP_TAILCALL, BYTES.frame],
  [OP_VARARG, BYTES.slot],
] as const) {
  if (opcode !== undefined) WEIGHTS[opcode] = bytes;
}

export type GuardOptions = {
  readonly guestBytes: number;
  /** Called every {@link TICK} instructions; throws Stopped. */
  readonly onTick: () => void;
  /** Steps of native functions, which a call may take so many of, whatever the clock says: nobody asks in between. */
  readonly mostNativeSteps: number;
};

export class StateGuard implements Guard {
  readonly #guestBytes: number;
  readonly #onTick: () => void;
  readonly #mostNativeSteps: number;
  #nativeSteps = 0;
  #fuel = TICK;
  /** Bytes that may have been made since memory was measured, and how many may be. */
  #made = 0;
  /** Bytes in the hands of native functions. */
  #held = 0;
  #slack: number;
  #stopped: Stopped | undefined;

  constructor({ guestBytes, onTick, mostNativeSteps }: GuardOptions) {
    this.#mostNativeSteps = mostNativeSteps;
    this.#guestBytes = guestBytes;
    this.#onTick = onTick;
    this.#slack = guestBytes / 2;
  }

  /** Why the state has ended. */
  get stopped(): Stopped | undefined {
    return this.#stopped;
  }

  /** A call begins. */
  begin(): void {
    this.#nativeSteps = 0;
  }

  beforeInstruction(L: LuaState): void {
    const { ci } = L;
    const instruction = ci.l_code[ci.l_savedpc - 1];
    if (instruction === undefined) return;
    const { opcode } = instruction;
    widen(L, instruction);
    this.#made += WEIGHTS[opcode] as number;
    // A list of all that a call, or `...`, has brought.
    if (opcode === OP_SETLIST && instruction.B === 0) this.#made += (L.top - ci.l_base - instruction.A) * BYTES.entry;
    if (opcode === OP_EQ || opcode === OP_LT || opcode === OP_LE) {
      this.#fuel -= textLength(L, ci.l_base, instruction.B) >> 6;
    } else if (opcode === OP_CONCAT) this.#beforeConcat(L, ci.l_base + instruction.B, ci.l_base + instruction.C);
    if (this.#made > this.#slack) this.#measure(L, 0);
    this.#fuel--;
    if (this.#fuel <= 0) this.#tick();
    if (L.top > MOST_SLOTS) raise(L, 'stack overflow');
  }

  /** A native function is about to make so many bytes, or to take so many steps of work. */
  spend(L: LuaState, bytes: number, steps = 0): void {
    this.#made += bytes;
    if (this.#made > this.#slack) this.#measure(L, bytes);
    this.#nativeSteps += steps;
    if (this.#nativeSteps > this.#mostNativeSteps) this.stop(new Stopped('cpu_ms'));
    this.#fuel -= steps;
    while (this.#fuel <= 0) this.#tick();
  }

  /** Runs a native function that collects what the program cannot reach yet: that counts until it has ended. */
  collecting<T>(work: (hold: (L: LuaState, bytes: number) => void) => T): T {
    let held = 0;
    try {
      return work((L, bytes) => {
        this.spend(L, bytes, 4);
        this.#held += bytes;
        held += bytes;
      });
    } finally {
      this.#held -= held;
    }
  }

  /** Ends the state: what unwinds it may be caught by the program, which is stopped again at once then. */
  stop(why: Stopped): never {
    this.#stopped ??= why;
    // From now on every instruction asks.
    this.#fuel = 0;
    throw this.#stopped;
  }

  #tick(): void {
    if (this.#stopped !== undefined) throw this.#stopped;
    this.#fuel += TICK;
    try {
      this.#onTick();
    } catch (error) {
      if (error instanceof Stopped) this.stop(error);
      throw error;
    }
  }

  #beforeConcat(L: LuaState, from: number, to: number): void {
    let bytes = 0;
    for (let at = from; at <= to; at++) {
      const value = L.stack[at]?.value as { readonly realstring?: Uint8Array } | null | undefined;
      bytes += value?.realstring?.length ?? 32;
    }
    // The result, and what comes before it where the texts are joined in parts.
    this.spend(L, bytes + BYTES.text, bytes >> 6);
  }

  /** Ends the state where what is alive in it, and what is about to be made, is more than it may have. */
  #measure(L: LuaState, bytes: number): void {
    if (this.#stopped !== undefined) throw this.#stopped;
    const most = this.#guestBytes - this.#held - bytes;
    const left = most - measure(L, most);
    if (left < 0) this.stop(new Stopped('guest_bytes'));
    this.#made = 0;
    this.#slack = Math.max(this.#guestBytes * LEAST_SLACK, left / 2);
  }
}

/** The length of the text in a register, where there is one. */
function textLength(L: LuaState, base: number, register: number): number {
  const value = register < FIRST_CONSTANT ? L.stack[base + register]?.value : undefined;
  return (value as { readonly realstring?: Uint8Array } | null | undefined)?.realstring?.length ?? 0;
}
