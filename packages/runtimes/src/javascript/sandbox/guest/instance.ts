// WebAssembly instances of QuickJS: one for each engine, of a module that was compiled once.
import variant from '@jitl/quickjs-ng-wasmfile-release-sync';
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSSyncVariant,
  type QuickJSWASMModule,
} from 'quickjs-emscripten-core';

/** Its types describe the CommonJS build; imported, the default is the variant itself. */
const VARIANT = variant as unknown as QuickJSSyncVariant;

const PAGE_BYTES = 65_536;
/** What the module asks for, and what it needs for itself. */
const FIRST_PAGES = 256;
const OWN_PAGES = 32;

/**
 * A QuickJS with a memory of its own, which cannot grow beyond `guestBytes`: QuickJS does not see how much an
 * allocation took where it is WebAssembly, so that its own limit of memory counts little more than their number.
 *
 * @param onGrow told whether more than `guestBytes` are taken or wanted, each time that the memory should grow: QuickJS
 * itself has not always room left to say that it is full
 */
export function createQuickJs(
  wasmModule: WebAssembly.Module,
  guestBytes: number,
  onGrow?: (isFull: boolean) => void,
): Promise<QuickJSWASMModule> {
  const maximum = Math.min(32_768, Math.max(FIRST_PAGES, Math.ceil(guestBytes / PAGE_BYTES) + OWN_PAGES));
  const wasmMemory = new WebAssembly.Memory({ initial: FIRST_PAGES, maximum });
  wasmMemory.grow = (pages: number) => {
    onGrow?.(true);
    const before = WebAssembly.Memory.prototype.grow.call(wasmMemory, pages);
    onGrow?.(wasmMemory.buffer.byteLength >= guestBytes);
    return before;
  };
  return newQuickJSWASMModuleFromVariant(newVariant(VARIANT, { wasmModule, wasmMemory }));
}
