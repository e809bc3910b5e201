// A file as a language read it, and what the host makes of that: metadata, and errors that name the file.
import {
  type AgentMetadata,
  type ImportNeed,
  isPypesError,
  type Json,
  PypesError,
  parseAgentMetadata,
} from '@pypes/contract';

/** A file as a language read it. */
export type FileText = {
  /** What the file is called inside the thread. */
  readonly url: string;
  readonly code: string;
  /** AGENT; undefined: only running the file can tell. A list where the file holds several agents. */
  readonly agent: Json | readonly AgentMetadata[] | undefined;
  /** Makes ready what threads need besides the text; before the first call, and again after a failure. */
  readonly prepare?: () => Promise<unknown>;
  /** What every agent of the file needs. */
  readonly imports?: readonly ImportNeed[];
  /** All calls of a user have to meet in one thread. */
  readonly isPinned?: boolean;
};

/** The agents of a file; `describe` runs it, where only that can tell. */
export async function describeFile(
  { agent }: FileText,
  describe: () => Promise<Json>,
): Promise<readonly AgentMetadata[]> {
  if (Array.isArray(agent)) return agent as readonly AgentMetadata[];
  return [parseAgentMetadata((agent as Json | undefined) ?? (await describe()))];
}

/** Every `agent_broken` says which file it is about. */
export function withFile(error: unknown, path: string): unknown {
  if (!isPypesError(error) || error.details?.file !== undefined) return error;
  const details: { readonly [key: string]: Json } = { ...error.details, file: path };
  return new PypesError(error.code, error.message, { details, cause: error });
}
