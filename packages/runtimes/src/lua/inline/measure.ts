// What is alive in a Lua state, in bytes: a walk over all that can be reached, as a collector of garbage does it.
import type { CallInfo, LuaState, LuaValue } from './fengari.ts';

/** Bytes that the values of Fengari take in V8 (docs/decisions/041); about half of it where pointers are compressed. */
export const BYTES = {
  table: 460,
  entry: 184,
  text: 260,
  closure: 72,
  slot: 40,
  coroutine: 900,
  frame: 200,
  instruction: 180,
} as const;

type Entry = { readonly key: LuaValue; readonly value: LuaValue; readonly n: Entry | undefined };
type Table = {
  readonly strong: { readonly size: number };
  readonly f: Entry | undefined;
  readonly metatable: Table | null;
};
type Text = { readonly realstring: Uint8Array; readonly key?: string };
type Prototype = {
  readonly k: readonly LuaValue[];
  readonly p: readonly Prototype[];
  readonly code: { readonly length: number };
};
type Closure = { readonly p: Prototype; readonly upvals: readonly (LuaValue | undefined)[] };
type NativeClosure = { readonly upvalue: readonly LuaValue[] };
type Frame = CallInfo & { readonly previous: Frame | null };

/** Stops counting beyond `most`. `L` is the coroutine that runs. */
export function measure(L: LuaState, most: number): number {
  const seen = new Set<unknown>();
  const found: object[] = [];
  let bytes = 0;

  /** Whatever a value refers to is counted once. */
  function note(item: unknown): void {
    if (typeof item !== 'object' || item === null || seen.has(item)) return;
    seen.add(item);
    found.push(item);
  }

  function noteAll(values: readonly (LuaValue | undefined)[]): void {
    bytes += values.length * BYTES.slot;
    for (const value of values) note(value?.value);
  }

  function count(item: object): void {
    if ('realstring' in item) {
      const { realstring, key } = item as Text;
      bytes += BYTES.text + realstring.length + (key?.length ?? 0);
    } else if ('strong' in item) {
      const { strong, f, metatable } = item as Table;
      bytes += BYTES.table + strong.size * BYTES.entry;
      note(metatable);
      for (let entry = f; entry !== undefined && bytes <= most; entry = entry.n) {
        note(entry.key.value);
        note(entry.value.value);
      }
    } else if ('upvals' in item) {
      const { p, upvals } = item as Closure;
      bytes += BYTES.closure;
      noteAll(upvals);
      note(p);
    } else if ('upvalue' in item) {
      bytes += BYTES.closure;
      noteAll((item as NativeClosure).upvalue);
    } else if ('l_G' in item) {
      const { stack, ci } = item as unknown as LuaState;
      bytes += BYTES.coroutine;
      for (let frame: Frame | null = ci as Frame; frame !== null; frame = frame.previous) bytes += BYTES.frame;
      noteAll(stack);
    } else if ('code' in item) {
      const { k, p, code } = item as Prototype;
      bytes += code.length * BYTES.instruction;
      noteAll(k);
      for (const inner of p) note(inner);
    }
  }

  const { l_registry, mainthread, mt } = L.l_G;
  for (const root of [l_registry.value, mainthread, L, ...mt]) note(root);
  for (let item = found.pop(); item !== undefined && bytes <= most; item = found.pop()) count(item);
  return bytes;
}
