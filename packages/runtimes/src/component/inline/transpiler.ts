// The transpiler at the edge: made anew for each component, for a panic poisons it, with nothing in its reach.
import { FUEL_EXPORT } from '../fuel/index.ts';
import { type Generate, transpileWith } from '../transpile/tool.ts';
import type { Transpile } from './read.ts';

/** jco-transpile as a function that makes one: what scripts/edge makes of its module. */
export type CreateTool = (
  modules: { readonly [name: string]: WebAssembly.Module },
  surroundings: object,
) => { readonly $init: Promise<unknown>; readonly generate: Generate };

/** What the tool may do for one component, in instructions: a dozen times what one of a mebibyte takes. */
const FUEL = 16_000_000_000n;

/** `modules` are the tool's own, compiled with the Worker, metered and bounded. */
export function createTranspiler(
  createTool: CreateTool,
  modules: Parameters<CreateTool>[0],
  fuel: bigint = FUEL,
): Transpile {
  return async (bytes, options) => {
    const tanks: WebAssembly.Global<'i64'>[] = [];
    const tool = createTool(modules, {
      ...createSurroundings(),
      async instantiateCore(module: WebAssembly.Module, imports: WebAssembly.Imports) {
        const instance = await WebAssembly.instantiate(module, imports);
        tanks.push(instance.exports[FUEL_EXPORT] as WebAssembly.Global<'i64'>);
        return instance;
      },
    });
    await tool.$init;
    for (const tank of tanks) tank.value = fuel;
    try {
      return transpileWith(tool.generate, bytes, options);
    } catch (error) {
      if (!tanks.some(({ value }) => value < 0n)) throw error;
      throw new Error(`the tool used more than ${fuel} instructions`, { cause: error });
    }
  };
}

/** WASI as the tool imports it: it reads and writes nothing, but its panics are told on its standard error. */
function createSurroundings(): object {
  const output = { getStdout: () => new OutputStream(), getStderr: () => new OutputStream() };
  return {
    cli: {
      environment: { getEnvironment: () => [] },
      exit: { exit: refuse('to end its process') },
      stdin: { getStdin: () => new InputStream() },
      stdout: output,
      stderr: output,
      terminalInput: { TerminalInput: Nothing },
      terminalOutput: { TerminalOutput: Nothing },
      terminalStdin: { getTerminalStdin: () => undefined },
      terminalStdout: { getTerminalStdout: () => undefined },
      terminalStderr: { getTerminalStderr: () => undefined },
    },
    filesystem: {
      preopens: { getDirectories: () => [] },
      types: { Descriptor: Nothing, DirectoryEntryStream: Nothing, filesystemErrorCode: () => undefined },
    },
    io: { error: { Error: Nothing }, streams: { InputStream, OutputStream } },
    random: {
      random: {
        getRandomBytes: (length: bigint) => crypto.getRandomValues(new Uint8Array(Number(length))),
        getRandomU64: () => crypto.getRandomValues(new BigUint64Array(1))[0],
      },
    },
  };
}

class Nothing {}

class InputStream {}

class OutputStream {
  checkWrite(): bigint {
    return 65_536n;
  }
  write(): void {}
  blockingWriteAndFlush(): void {}
  blockingFlush(): void {}
}

function refuse(what: string): () => never {
  return () => {
    throw new Error(`The transpiler asked ${what}`);
  };
}
