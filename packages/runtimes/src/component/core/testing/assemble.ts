// From WebAssembly text to a module, for tests.
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';

export async function assemble(wat: string): Promise<Uint8Array> {
  return parse(wat);
}
