// What a parsed file says about its agent: that it exports what an agent has to, and AGENT where it is written out.
import type { Json, SourceFile } from '@pypes/contract';
import { findExports, type ModuleExports } from './exports.ts';
import { NOT_LITERAL, readLiteral } from './literal.ts';
import { broken, type ParsedSource } from './parse.ts';

/** AGENT; undefined: only running the file can tell. @throws PypesError `agent_broken` */
export function readAgent(parsed: ParsedSource, file: SourceFile): Json | undefined {
  const exported = findExports(parsed.program);
  checkExports(exported, parsed, file);
  const name = exported.names.get('AGENT');
  const expression = name === undefined ? undefined : exported.constants.get(name);
  const agent = expression === undefined ? NOT_LITERAL : readLiteral(expression, exported.constants);
  return agent === NOT_LITERAL ? undefined : agent;
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
