// Reads an agent's file: its code, and AGENT where that is written out; nothing is run.
import { pathToFileURL } from 'node:url';
import type { Json, SourceFile } from '@pypes/contract';
import { readAgent } from './agent.ts';
import { checkImports } from './imports.ts';
import { parseSource } from './parse.ts';
import { stripTrusted } from './strip.ts';

export type AgentFileText = {
  readonly url: string;
  readonly code: string;
  /** Undefined: only running the file can tell. */
  readonly agent: Json | undefined;
};

/** @throws PypesError `agent_broken` */
export async function readAgentFile(file: SourceFile): Promise<AgentFileText> {
  const url = toUrl(file);
  const parsed = await parseSource(file, stripTrusted);
  const agent = readAgent(parsed, file);
  checkImports(parsed.program, parsed.code, url, file);
  return { url, code: parsed.code, agent };
}

/** Where the file is not on this machine's disk, a place that cannot exist, so that packages are still looked up. */
function toUrl({ location, packGuid, path }: SourceFile): string {
  return pathToFileURL(location ?? `/.pypes/${packGuid}/${path}`).href;
}
