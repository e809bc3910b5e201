// A `.wasm` file that is no component, judged from its bytes: is it an agent, which one, and may it run here.
import { type AgentMetadata, isPypesError, type Json, PypesError } from '@pypes/contract';
import { RESET_EXPORT, WAITING_IMPORT } from '../abi.ts';
import { readAgent } from './agent.ts';
import { CoreModuleError } from './errors.ts';
import { checkExports } from './exports.ts';
import { checkImports } from './imports.ts';
import { checkMemory } from './memory.ts';
import { readModule } from './module.ts';

/** What is known of a module without running it. */
export type CoreAgent = {
  readonly metadata: AgentMetadata;
  /** The host functions that it imports, by their names. */
  readonly imports: readonly string[];
  readonly waits: boolean;
  readonly starts: boolean;
  readonly resets: boolean;
};

/**
 * Reads and checks a core module. `memoryBytes` is what its memory may have.
 *
 * @throws PypesError `agent_broken` with details `{file, missing?, imports?, offset?}`
 */
export function readCoreModule(bytes: Uint8Array, path: string, memoryBytes: number): CoreAgent {
  try {
    const module = readModule(bytes);
    checkImports(module);
    checkExports(module);
    checkMemory(module, memoryBytes);
    const imports = module.imports.map(({ name }) => name);
    return {
      metadata: readAgent(module),
      imports,
      waits: imports.includes(WAITING_IMPORT),
      starts: module.starts,
      resets: module.exports.some(({ name }) => name === RESET_EXPORT),
    };
  } catch (error) {
    throw toBroken(error, path);
  }
}

function toBroken(error: unknown, path: string): unknown {
  if (!(error instanceof CoreModuleError) && !isPypesError(error)) return error;
  const details: { readonly [key: string]: Json } = { ...error.details, file: path };
  return new PypesError('agent_broken', error.message, { details, cause: error });
}
