// Reads an agent's file: its code, and AGENT where that is written out; nothing is run.
import { pathToFileURL } from 'node:url';
import type { Json, SourceFile } from '@pypes/contract';
import { findExports, type ModuleExports } from './exports.ts';
import { checkImports } from './imports.ts';
import { NOT_LITERAL, readLiteral } from './literal.ts';
import { broken, type ParsedSource, parseSource } from './parse.ts';

export type AgentFileText = {
  readonly url: string;
  readonly code: string;
  /** Undefined: only running the file can tell. */
  readonly agent: Json | undefined;
};

/** @throws PypesError `agent_broken` */
export async function readAgentFile(file: SourceFile): Promise<AgentFileText> {
  const url = toUrl(file);
  const parsed = await parseSource(file);
  const exported = findExports(parsed.program);
  checkExports(exported, parsed, file);
  checkImports(parsed.program, parsed.code, url, file);
  const name = exported.names.get('AGENT');
  const expression = name === undefined ? undefined : exported.constants.get(name);
  const agent = expression === undefined ? NOT_LITERAL : readLiteral(expression, exported.constants);
  return { url, code: parsed.code, agent: agent === NOT_LITERAL ? undefined : agent };
}

/** Where the file is not on this machine's disk, a place that cannot exist, so that packages are still looked up. */
function toUrl({ location, packGuid, path }: SourceFile): string {
  return pathToFileURL(location ?? `/.pypes/${packGuid}/${path}`).href;
}

function checkExports({ names, open }: ModuleExports, { code, program }: ParsedSource, { path }: SourceFile): void {
  const missing = ['AGENT', 'run'].filter((name) => !names.has(name));
  if (missing.length === 0 || open) return;
  const isCommonJs = names.size === 0 && /\b(module\.exports|exports\.\w+)\s*=/.test(code);
  const found = isCommonJs ? 'The file exports the CommonJS way' : `The file does not export ${missing.join(' and ')}`;
  const wanted = 'write "export const AGENT = {…}" and "export function run(context, args) {…}"';
  const inside = program.body.length === 0 ? 'The file is empty' : found;
  throw broken(path, `${inside}; ${wanted}`);
}
