// One agent of a catalog: its metadata, its tool-safe alias, and its schemas, compiled when first needed.
import { type AgentMetadata, isPypesError, type LoadedAgent, PypesError, type SchemaCompiler } from '@pypes/contract';
import type { AgentChecks } from '@pypes/guard';
import type { FileVersion } from './file-version.ts';

/** An agent that can be called. */
export interface AgentEntry {
  readonly name: string;
  /** What models and MCP clients call it. */
  readonly alias: string;
  readonly metadata: AgentMetadata;
  readonly loaded: LoadedAgent;
  readonly version: FileVersion;
  /** @throws PypesError `agent_broken` where one of its schemas is no valid schema */
  checks(): AgentChecks;
}

/** An entry over a loaded agent. */
export function createAgentEntry(
  loaded: LoadedAgent,
  version: FileVersion,
  alias: string,
  schemas: SchemaCompiler,
): AgentEntry {
  const { metadata } = loaded;
  return {
    name: metadata.name,
    alias,
    metadata,
    loaded,
    version,
    checks() {
      const known = compiled.get(loaded);
      if (known !== undefined) return known;
      const checks = {
        parameters: named(`parameters of "${metadata.name}"`, () => schemas.compile(metadata.parameters)),
        ...(metadata.returns === undefined
          ? {}
          : { returns: named(`returns of "${metadata.name}"`, () => schemas.compile(metadata.returns ?? {})) }),
      };
      compiled.set(loaded, checks);
      return checks;
    },
  };
}

/** Compiled once for each version of an agent, however often its catalog is read anew. */
const compiled = new WeakMap<LoadedAgent, AgentChecks>();

function named<T>(what: string, compile: () => T): T {
  try {
    return compile();
  } catch (error) {
    if (!isPypesError(error)) throw error;
    throw new PypesError(error.code, `The ${what}: ${error.message}`, { cause: error });
  }
}
