// One Lua state in Fengari, a virtual machine in plain JavaScript: for places that refuse to generate WebAssembly.

// First: the order in which Fengari's modules are loaded matters.
import './fengari.ts';
import lauxlib from 'fengari/src/lauxlib.js';
import lua from 'fengari/src/lua.js';
import { type Coroutine, LuaFailure, type Machine, type MachineOptions, type Step, Stopped } from '../guest/outcome.ts';
import { PRELUDE } from '../guest/prelude.ts';
import type { LuaState } from './fengari.ts';
import { StateGuard } from './guard.ts';
import { createDecode, createEncode } from './json.ts';
import { openLibraries } from './libraries.ts';

const { LUA_OK, LUA_REGISTRYINDEX, LUA_TBOOLEAN, LUA_TSTRING, LUA_YIELD } = lua;

/** Instructions that stand for a millisecond where the clock stands still while code computes (docs/decisions/041). */
const INSTRUCTIONS_PER_MS = 5_000;
const INSTRUCTIONS_PER_TICK = 10_000;

/** A state with the prelude in it and nothing else. @throws Stopped */
export async function openMachine({ guestBytes, cpuMs, onTick, onLog }: MachineOptions): Promise<Machine> {
  const mostTicks = (cpuMs * INSTRUCTIONS_PER_MS) / INSTRUCTIONS_PER_TICK;
  let ticks = 0;
  /** Milliseconds of computation that the clock has seen in this call. */
  let seen = 0;
  let began = performance.now();
  const guard = new StateGuard({
    guestBytes,
    mostNativeSteps: cpuMs * INSTRUCTIONS_PER_MS,
    onTick() {
      onTick();
      ticks++;
      if (ticks > mostTicks && seen + performance.now() - began < 1) throw new Stopped('cpu_ms');
    },
  });
  const state = lauxlib.luaL_newstate();
  state.l_G.guard = guard;
  openLibraries(state, guard);
  lua.lua_atnativeerror(state, toLuaError);
  loadText(PRELUDE, '=prelude');
  lua.lua_pushcfunction(state, (L) => {
    for (const index of [2, 3]) guard.spend(L, 2 * (lua.lua_tolstring(L, index)?.length ?? 0));
    onLog(textAt(L, 1), textAt(L, 2), textAt(L, 3));
    return 0;
  });
  lua.lua_pushcfunction(state, createEncode(guard));
  lua.lua_pushcfunction(state, createDecode(guard));
  callOrFail(3, 1);
  const driver = lauxlib.luaL_ref(state, LUA_REGISTRYINDEX);
  // From here on every instruction asks the guard; a coroutine begins as the one that made it.
  lua.lua_sethook(state, () => {}, lua.LUA_MASKCOUNT, 1);

  function begin(): void {
    ticks = seen = 0;
    guard.begin();
  }

  function push(onto: LuaState, text: string): void {
    const bytes = encoder.encode(text);
    guard.spend(onto, bytes.length);
    lua.lua_pushlstring(onto, bytes, bytes.length);
  }

  function loadText(text: string, name: string): void {
    const bytes = encoder.encode(text);
    const status = lauxlib.luaL_loadbufferx(state, bytes, bytes.length, encoder.encode(name), encoder.encode('t'));
    if (status !== LUA_OK) throw failureOnTop(state);
  }

  function failureOnTop(L: LuaState): Error {
    if (guard.stopped !== undefined) return guard.stopped;
    const isText = lua.lua_gettop(L) > 0 && lua.lua_type(L, -1) === LUA_TSTRING;
    const text = isText ? textAt(L, -1) : 'The program failed with a value that is no text';
    lua.lua_settop(L, 0);
    return new LuaFailure(text);
  }

  /** Once the guard has stopped the state, it is in no state any more: Fengari's own checks may fail then. */
  function guarded<T>(work: () => T): T {
    began = performance.now();
    try {
      const result = work();
      if (guard.stopped !== undefined) throw guard.stopped;
      return result;
    } catch (error) {
      throw guard.stopped ?? error;
    } finally {
      seen += performance.now() - began;
    }
  }

  function callOrFail(given: number, wanted: number): void {
    const status = guarded(() => lua.lua_pcall(state, given, wanted, 0));
    if (status !== LUA_OK) throw failureOnTop(state);
  }

  function resume(L: LuaState, given: number): Step {
    const status = guarded(() => lua.lua_resume(L, state, given));
    if (status !== LUA_OK && status !== LUA_YIELD) throw failureOnTop(L);
    const count = lua.lua_gettop(L);
    const values = Array.from({ length: count }, (_, index) => valueAt(L, index + 1));
    lua.lua_settop(L, 0);
    return { done: status === LUA_OK, values };
  }

  return {
    run(source, name) {
      begin();
      loadText(source, `=${name}`);
      callOrFail(0, 0);
    },
    start(name, given) {
      begin();
      const thread = lua.lua_newthread(state);
      const anchor = lauxlib.luaL_ref(state, LUA_REGISTRYINDEX);
      lua.lua_rawgeti(thread, LUA_REGISTRYINDEX, driver);
      lua.lua_getfield(thread, -1, encoder.encode(name));
      lua.lua_remove(thread, -2);
      for (const text of given) push(thread, text);
      const coroutine: Coroutine = {
        resume(values) {
          for (const value of values) {
            if (typeof value === 'string') push(thread, value);
            else lua.lua_pushboolean(thread, value);
          }
          return resume(thread, values.length);
        },
        close: () => lauxlib.luaL_unref(state, LUA_REGISTRYINDEX, anchor),
      };
      return { coroutine, first: resume(thread, given.length) };
    },
    heapBytes: guestBytes,
  };
}

/** What fails in Fengari itself, as its stack when calls nest too deep, is an error that a program can catch. */
function toLuaError(L: LuaState): number {
  const thrown = lua.lua_touserdata(L, 1);
  const text = thrown instanceof RangeError ? 'stack overflow' : 'the virtual machine failed';
  const bytes = encoder.encode(text);
  lua.lua_pushlstring(L, bytes, bytes.length);
  return 1;
}

function textAt(L: LuaState, index: number): string {
  return decoder.decode(lua.lua_tolstring(L, index) ?? new Uint8Array());
}

function valueAt(L: LuaState, index: number): string | boolean | undefined {
  const type = lua.lua_type(L, index);
  if (type === LUA_TSTRING) return textAt(L, index);
  return type === LUA_TBOOLEAN ? lua.lua_toboolean(L, index) : undefined;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
