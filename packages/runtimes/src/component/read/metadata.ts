// AGENT of an exported function: its schemas and its description from its own WIT (spec 1).
import { type AgentMetadata, type JsonSchema, PypesError } from '@pypes/contract';
import type { ResolvedWit } from '@pypes/wit/resolved';
import { parametersSchema, resultSchema, WitUnsupportedError } from '@pypes/wit/schema';
import type { ExportedFunction } from './skill.ts';

/**
 * The metadata of one exported function. `wit` says which function it is, and is a name that it can be called by.
 *
 * @throws PypesError `agent_broken` for a function whose types JSON cannot carry
 */
export function toMetadata(
  resolved: ResolvedWit,
  exported: ExportedFunction,
  docs: string | undefined,
  path: string,
): AgentMetadata {
  const { agent, function: called } = exported;
  try {
    const returns = called.result === undefined ? undefined : resultSchema(resolved, called);
    return {
      name: agent,
      description: docs ?? called.docs?.contents ?? `Calls ${exported.path}`,
      parameters: parametersSchema(resolved, called) as JsonSchema,
      ...(returns === undefined ? {} : { returns: returns as JsonSchema }),
      wit: exported.path,
    };
  } catch (error) {
    if (!(error instanceof WitUnsupportedError)) throw error;
    throw new PypesError('agent_broken', `The function ${exported.path} cannot be an agent: ${error.message}`, {
      details: { file: path },
      cause: error,
    });
  }
}
