// What comes back from the other side, read by one who does not take its word for it.
import type { AgentMetadata } from '../agent.ts';
import { ERRORS, type ErrorCode, PypesError } from '../errors.ts';
import type { Json, JsonObject } from '../json.ts';
import { isJsonObject } from '../json.ts';
import { parseAgentMetadata } from '../metadata.ts';
import type { ImportNeed } from '../runtime.ts';
import { object, parseNotes, type RemoteAnswer, type RemoteError, type RemoteNote } from './requests.ts';

/** `unknown`: the file's contents have to be sent. */
export type RemoteLoadAnswer =
  | 'unknown'
  | { readonly error: RemoteError }
  | { readonly agents: readonly { readonly metadata: AgentMetadata; readonly imports?: readonly ImportNeed[] }[] };

/** @throws PypesError where the answer is none */
export function parseLoadAnswer(body: Json): RemoteLoadAnswer {
  const { status, agents, error } = object(body, 'The answer');
  if (status === 'unknown') return status;
  if (status === 'failed') return { error: parseError(error) };
  if (status !== 'ok' || !Array.isArray(agents)) throw wrong('"agents" is no array');
  return {
    agents: agents.map((agent: Json) => {
      const { metadata, imports } = object(agent, 'An agent');
      return {
        metadata: parseAgentMetadata(metadata),
        ...(imports === undefined ? {} : { imports: parseImports(imports) }),
      };
    }),
  };
}

/** @throws PypesError where the answer is none */
export function parseRemoteAnswer(
  body: Json,
): 'unknown' | (RemoteAnswer & { first: number; notes: readonly RemoteNote[] }) {
  const { status, output = null, error, first, notes } = object(body, 'The answer');
  if (status === 'unknown') return status;
  const rest = { first: Number(first ?? 0), notes: parseNotes(notes ?? []) };
  if (status === 'failed') return { error: parseError(error), ...rest };
  if (status !== 'ok') throw wrong(`"status" is ${JSON.stringify(status)}`);
  return { output, ...rest };
}

function parseImports(value: Json): readonly ImportNeed[] {
  if (!Array.isArray(value)) throw wrong('"imports" is no array');
  return value.map((need: Json) => {
    const { name, operation, agents } = object(need, 'An import');
    return {
      name: String(name),
      ...(typeof operation === 'string' ? { operation: operation as NonNullable<ImportNeed['operation']> } : {}),
      ...(Array.isArray(agents) ? { agents: agents.map(String) } : {}),
    };
  });
}

function parseError(value: Json | undefined): RemoteError {
  const { code, message, details } = object(value, '"error"');
  if (typeof code !== 'string' || !Object.hasOwn(ERRORS, code) || typeof message !== 'string') {
    throw wrong('"error" has no code that is known');
  }
  return { code: code as ErrorCode, message, ...(isJsonObject(details) ? { details: details as JsonObject } : {}) };
}

function wrong(what: string): PypesError {
  return new PypesError('invalid_request', `The answer is none: ${what}`);
}
