// Starts metered modules in tests, and ends what they should have ended themselves.
import { runInNewContext } from 'node:vm';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { PypesError } from '@pypes/contract';
import { FUEL_EXPORT, meterModule } from '../index.ts';

export type Metered = {
  readonly fuel: WebAssembly.Global<'i64'>;
  /** Calls an export. */
  readonly call: (name: string, ...parameters: readonly unknown[]) => unknown;
};

/** The bytes of a module in text form. */
export async function assemble(text: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await parse(`(module ${text})`));
}

export async function startMetered(module: Uint8Array | string, imports: WebAssembly.Imports = {}): Promise<Metered> {
  const bytes = typeof module === 'string' ? await assemble(module) : module;
  const compiled = new WebAssembly.Module(meterModule(bytes, 'a.wasm'));
  const { exports } = bounded(() => new WebAssembly.Instance(compiled, imports));
  const call = (name: string, ...parameters: readonly unknown[]) => {
    const target = exports[name] as (...given: readonly unknown[]) => unknown;
    return bounded(() => target(...parameters));
  };
  return { fuel: exports[FUEL_EXPORT] as WebAssembly.Global<'i64'>, call };
}

/** The code of what meterModule throws. */
export function refusalOf(module: Uint8Array): string | undefined {
  try {
    meterModule(module, 'a.wasm');
    return undefined;
  } catch (error) {
    if (error instanceof PypesError) return error.code;
    throw error;
  }
}

/** A loop without an end would be an end of all tests: it is one of this test alone. */
function bounded<Value>(work: () => Value): Value {
  return runInNewContext('work()', { work }, { timeout: 60_000 }) as Value;
}
