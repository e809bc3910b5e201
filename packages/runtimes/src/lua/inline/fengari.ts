// Fengari's virtual machine with the two places of it that a guest could use against its host replaced.
//
// Fengari asks its module `ldebug` before every instruction while a count hook is set: here that is the guard of the
// state, which sees what the instruction is about to make before it is made. And it keys tables by a text of three
// characters for each byte of a string, built byte by byte: here by one character for each.
import ldebug from 'fengari/src/ldebug.js';
import lstring from 'fengari/src/lstring.js';

/** A value of Lua, as Fengari keeps it. */
export type LuaValue = { readonly type: number; readonly value: unknown };

export type Instruction = {
  readonly opcode: number;
  readonly A: number;
  readonly B: number;
  readonly C: number;
};

export type CallInfo = {
  readonly l_code: readonly Instruction[];
  readonly l_savedpc: number;
  readonly l_base: number;
  readonly func: { readonly value: { readonly p: { readonly k: readonly LuaValue[] } } };
};

/** What is asked before every instruction of a state. */
export interface Guard {
  beforeInstruction(L: LuaState): void;
}

/** A coroutine of a state, as Fengari keeps it. */
export type LuaState = {
  readonly top: number;
  readonly stack: readonly (LuaValue | undefined)[];
  readonly ci: CallInfo;
  readonly l_G: {
    guard?: Guard;
    readonly mainthread: LuaState;
    readonly l_registry: LuaValue;
    readonly mt: readonly unknown[];
  };
};

/** A text of Lua: bytes. */
type LuaText = { readonly realstring: Uint8Array; key?: string };

ldebug.luaG_traceexec = (L: LuaState): void => L.l_G.guard?.beforeInstruction(L);

Object.defineProperty(lstring.TString.prototype, 'hash', {
  get(this: LuaText): string {
    this.key ??= this.realstring.length <= SHORT ? lstring.luaS_hash(this.realstring) : toKey(this.realstring);
    return this.key;
  },
  // The constructor sets it to null.
  set(): void {},
});

/** Up to here as Fengari has them, whose reader of source text looks up the words of Lua by their keys. */
const SHORT = 8;
const AT_ONCE = 4_096;

/** Begins with a mark that nothing else is keyed by. */
function toKey(bytes: Uint8Array): string {
  let key = '~';
  for (let at = 0; at < bytes.length; at += AT_ONCE) {
    key += String.fromCharCode(...bytes.subarray(at, at + AT_ONCE));
  }
  return key;
}

/** Raises an error of Lua that the program can catch. */
export function raise(L: LuaState, message: string): never {
  return ldebug.luaG_runerror(L, encoder.encode(message));
}

const encoder = new TextEncoder();
