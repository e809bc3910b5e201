// The prelude's functions, called with one text and answering with one: straight into QuickJS, for what its library makes
// of every value on the way costs more than a small call does.
import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core';

/** What a function of the prelude said: a text, or what it threw; undefined where the memory did not suffice. */
export type Said = string | QuickJSHandle | typeof TOO_LONG | undefined;

/** The text is longer than was asked for, and stays inside. */
export const TOO_LONG: unique symbol = Symbol('too long');

export type Driver = {
  /** Asked every few thousand instructions: true ends what runs; what it throws leaves QuickJS at once, for good. */
  onInterrupt(mustStop: () => boolean): void;
  /** `most` bytes of answer at most. */
  call(method: string, text: string, most: number): Said;
  /** Runs so many jobs at most; what one threw that nothing can catch. */
  runJobs(most: number): QuickJSHandle | undefined;
};

/** What a context of the library is made of: numbers are addresses in the memory of its instance. */
type Insides = {
  readonly ctx: { readonly value: number };
  readonly rt: { readonly value: number };
  readonly memory: { heapValueHandle(value: number): QuickJSHandle };
  readonly module: {
    /** What the instance asks of its host. The library's own catches whatever is thrown here. */
    readonly callbacks: { shouldInterrupt: () => number };
    readonly HEAPU8: Uint8Array<ArrayBuffer>;
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    lengthBytesUTF8(text: string): number;
  };
  readonly ffi: {
    QTS_NewString(context: number, text: number): number;
    QTS_GetString(context: number, value: number): number;
    QTS_FreeCString(context: number, text: number): void;
    QTS_Call(context: number, method: number, self: number, count: number, values: number): number;
    QTS_ResolveException(context: number, value: number): number;
    QTS_ExecutePendingJob(runtime: number, most: number, lastContext: number): number;
    QTS_Typeof(context: number, value: number): number;
    QTS_FreeValuePointer(context: number, value: number): void;
  };
};

/** Three bytes for each character are at hand rather than counted, up to so many characters. */
const SHORT = 4_096;
/** Up to so many, a text is written and read here: the platform takes longer to begin. */
const TINY = 64;
const ASCII = 0x80;
const LONGEST_CHARACTER = 3;
/** A number is the one type whose name begins with it. */
const N = 'n'.charCodeAt(0);

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** `methods` are functions that live as long as `context` does. */
export function createDriver(context: QuickJSContext, methods: ReadonlyMap<string, QuickJSHandle>): Driver {
  const { ctx, rt, memory, module, ffi } = context as unknown as Insides;
  const [inside, runtime, nothing] = [ctx.value, rt.value, context.undefined.value as number];
  /** Room for one address. */
  const cell = module._malloc(Uint32Array.BYTES_PER_ELEMENT);
  /** Of the memory as it was at the last look: where it has grown, it is another one. */
  let words = new Uint32Array(module.HEAPU8.buffer);

  function write(text: string, pointer: number, bytes: number): void {
    const heap = module.HEAPU8;
    let at = 0;
    if (text.length <= TINY) {
      for (; at < text.length; at++) {
        const unit = text.charCodeAt(at);
        if (unit >= ASCII) break;
        heap[pointer + at] = unit;
      }
    }
    if (at < text.length || text.length > TINY) {
      at = encoder.encodeInto(text, heap.subarray(pointer, pointer + bytes)).written;
    }
    heap[pointer + at] = 0;
  }

  function read(pointer: number, end: number): string {
    const heap = module.HEAPU8;
    if (end - pointer > TINY) return decoder.decode(heap.subarray(pointer, end));
    let text = '';
    for (let at = pointer; at < end; at++) {
      const byte = heap[at] as number;
      if (byte >= ASCII) return decoder.decode(heap.subarray(pointer, end));
      text += String.fromCharCode(byte);
    }
    return text;
  }

  /** The address of a text in QuickJS; 0 where there is no room. */
  function bringIn(text: string): number {
    const bytes = 1 + (text.length <= SHORT ? text.length * LONGEST_CHARACTER : module.lengthBytesUTF8(text));
    const pointer = module._malloc(bytes);
    if (pointer === 0) return 0;
    write(text, pointer, bytes);
    const value = ffi.QTS_NewString(inside, pointer);
    module._free(pointer);
    const thrown = ffi.QTS_ResolveException(inside, value);
    if (thrown === 0) return value;
    for (const each of [value, thrown]) ffi.QTS_FreeValuePointer(inside, each);
    return 0;
  }

  /** The text of a value that is one, looked at before the host has a copy of it. */
  function takeOut(value: number, most: number): string | typeof TOO_LONG | undefined {
    const pointer = ffi.QTS_GetString(inside, value);
    if (pointer === 0) return undefined;
    const end = module.HEAPU8.indexOf(0, pointer);
    const text = end - pointer > most ? TOO_LONG : read(pointer, end);
    ffi.QTS_FreeCString(inside, pointer);
    return text;
  }

  return {
    onInterrupt(mustStop) {
      module.callbacks.shouldInterrupt = () => (mustStop() ? 1 : 0);
    },
    call(method, text, most) {
      const given = bringIn(text);
      if (given === 0) return undefined;
      if (words.buffer !== module.HEAPU8.buffer) words = new Uint32Array(module.HEAPU8.buffer);
      words[cell / Uint32Array.BYTES_PER_ELEMENT] = given;
      const value = ffi.QTS_Call(inside, methods.get(method)?.value as number, nothing, 1, cell);
      ffi.QTS_FreeValuePointer(inside, given);
      const thrown = ffi.QTS_ResolveException(inside, value);
      const said = thrown === 0 ? takeOut(value, most) : memory.heapValueHandle(thrown);
      ffi.QTS_FreeValuePointer(inside, value);
      return said;
    },
    runJobs(most) {
      const value = ffi.QTS_ExecutePendingJob(runtime, most, cell);
      const type = ffi.QTS_Typeof(inside, value);
      const isCount = module.HEAPU8[type] === N;
      module._free(type);
      if (!isCount) return memory.heapValueHandle(value);
      ffi.QTS_FreeValuePointer(inside, value);
      return undefined;
    },
  };
}
