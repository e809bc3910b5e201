// One Lua state in a WebAssembly instance of its own: texts in, texts out, and a way to stop whatever it does.
import { LuaLibraries, LuaReturn, LuaWasm } from 'wasmoon';
import { type Coroutine, LuaFailure, type Machine, type MachineOptions, type Step, Stopped } from './outcome.ts';
import { PRELUDE } from './prelude.ts';

const TICK_INSTRUCTIONS = 10_000;
const COUNT_MASK = 8;
const REGISTRY_INDEX = -1_001_000;
const STRING = 4;
const BOOLEAN = 1;
const STATES_OF_THE_LIBRARIES = [
  LuaLibraries.Base,
  LuaLibraries.Coroutine,
  LuaLibraries.Table,
  LuaLibraries.String,
  LuaLibraries.Math,
  LuaLibraries.OS,
] as const;

type Raw = {
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  _lua_tolstring(state: number, index: number, length: number): number;
  _lua_pushlstring(state: number, pointer: number, length: number): number;
  readonly HEAPU8: Uint8Array;
  readonly HEAP32: Int32Array;
  addFunction(body: (...args: number[]) => number | undefined, signature: string): number;
};

/** A state with the prelude in it and nothing else. @throws Stopped */
export async function openMachine(options: MachineOptions): Promise<Machine> {
  const lua = await LuaWasm.initialize();
  boundMemory(options.guestBytes + lua.module.HEAPU8.length);
  return createMachine(lua, options);
}

function createMachine(lua: LuaWasm, { onTick, onLog }: MachineOptions): Machine {
  const raw = lua.module as unknown as Raw;
  const lengthCell = raw._malloc(Int32Array.BYTES_PER_ELEMENT);
  const state = lua.luaL_newstate();
  // A coroutine begins with the hook of the one that made it.
  lua.lua_sethook(
    state,
    raw.addFunction(() => {
      onTick();
      return undefined;
    }, 'vii'),
    COUNT_MASK,
    TICK_INSTRUCTIONS,
  );
  const hostLog = raw.addFunction((from = 0) => {
    onLog(textAt(from, 1), textAt(from, 2), textAt(from, 3));
    return 0;
  }, 'ii');

  for (const library of STATES_OF_THE_LIBRARIES) {
    lua[`luaopen_${library === LuaLibraries.Base ? 'base' : library}`](state);
    lua.lua_setglobal(state, library);
  }
  lua.luaopen_utf8(state);
  lua.lua_setglobal(state, 'utf8');
  loadText(PRELUDE, '=prelude');
  lua.lua_pushcclosure(state, hostLog, 0);
  callOrFail(1, 1);
  const driver = lua.luaL_ref(state, REGISTRY_INDEX);

  function bytesAt(from: number, index: number): Uint8Array {
    const pointer = raw._lua_tolstring(from, index, lengthCell);
    const length = raw.HEAP32[lengthCell >> 2] as number;
    return raw.HEAPU8.subarray(pointer, pointer + length);
  }

  function textAt(from: number, index: number): string {
    return decoder.decode(bytesAt(from, index));
  }

  function push(onto: number, text: string): void {
    const bytes = encoder.encode(text);
    const pointer = raw._malloc(bytes.length + 1);
    if (pointer === 0) throw new Stopped('guest_bytes');
    raw.HEAPU8.set(bytes, pointer);
    raw._lua_pushlstring(onto, pointer, bytes.length);
    raw._free(pointer);
  }

  function loadText(text: string, name: string): void {
    const bytes = encoder.encode(text);
    const pointer = raw._malloc(bytes.length + 1);
    if (pointer === 0) throw new Stopped('guest_bytes');
    raw.HEAPU8.set(bytes, pointer);
    const result = lua.luaL_loadbufferx(state, pointer, bytes.length, name, 't');
    raw._free(pointer);
    if (result !== LuaReturn.Ok) throw failureOnTop(state, result);
  }

  function failureOnTop(from: number, result: LuaReturn): Error {
    if (result === LuaReturn.ErrorMem) return new Stopped('guest_bytes');
    const text =
      lua.lua_type(from, -1) === STRING ? textAt(from, -1) : 'The program failed with a value that is no text';
    lua.lua_settop(from, 0);
    return new LuaFailure(text);
  }

  function callOrFail(given: number, wanted: number): void {
    const result = lua.lua_pcallk(state, given, wanted, 0, 0, null) as LuaReturn;
    if (result !== LuaReturn.Ok) throw failureOnTop(state, result);
  }

  function valueAt(from: number, index: number): string | boolean | undefined {
    const type = lua.lua_type(from, index);
    if (type === STRING) return textAt(from, index);
    return type === BOOLEAN ? lua.lua_toboolean(from, index) !== 0 : undefined;
  }

  function resume(thread: number, given: number): Step {
    const result = lua.lua_resume(thread, state, given, lengthCell);
    if (result !== LuaReturn.Ok && result !== LuaReturn.Yield) throw failureOnTop(thread, result);
    const count = raw.HEAP32[lengthCell >> 2] as number;
    const values = Array.from({ length: count }, (_, index) => valueAt(thread, index - count));
    lua.lua_settop(thread, -count - 1);
    return { done: result === LuaReturn.Ok, values };
  }

  return {
    run(source: string, name: string): void {
      loadText(source, `=${name}`);
      callOrFail(0, 0);
    },
    start(name: 'metadata' | 'call', given: readonly string[]) {
      const thread = lua.lua_newthread(state);
      const anchor = lua.luaL_ref(state, REGISTRY_INDEX);
      lua.lua_rawgeti(thread, REGISTRY_INDEX, BigInt(driver));
      lua.lua_getfield(thread, -1, name);
      lua.lua_remove(thread, -2);
      for (const text of given) push(thread, text);
      const coroutine: Coroutine = {
        resume(values) {
          for (const value of values) {
            if (typeof value === 'string') push(thread, value);
            else lua.lua_pushboolean(thread, value ? 1 : 0);
          }
          return resume(thread, values.length);
        },
        close: () => lua.luaL_unref(state, REGISTRY_INDEX, anchor),
      };
      return { coroutine, first: resume(thread, given.length) };
    },
    get heapBytes(): number {
      return raw.HEAPU8.length;
    },
  };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

let most = Number.POSITIVE_INFINITY;
const PAGE_BYTES = 65_536;

/** In this thread no memory of WebAssembly grows beyond `bytes`: Emscripten says "no memory" to Lua then. */
function boundMemory(bytes: number): void {
  if (most === Number.POSITIVE_INFINITY) {
    const { grow } = WebAssembly.Memory.prototype;
    WebAssembly.Memory.prototype.grow = function bounded(this: WebAssembly.Memory, pages: number) {
      if (this.buffer.byteLength + pages * PAGE_BYTES > most) throw new RangeError('The memory limit is reached');
      return grow.call(this, pages);
    };
  }
  most = bytes;
}
