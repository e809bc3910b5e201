// Reads a Lua file without running it: text, and no more of it than the place can take.
import { PypesError, type SourceFile } from '@pypes/contract';
import type { FileText } from '../threads/file-text.ts';

/** @throws PypesError `agent_broken` */
export function readLuaFile({ bytes, path }: SourceFile, mostBytes = Number.POSITIVE_INFINITY): FileText {
  if (bytes.length > mostBytes) {
    const message = `The file has ${bytes.length} bytes, and Lua is compiled here from ${mostBytes} at most`;
    throw new PypesError('agent_broken', message, { details: { file: path } });
  }
  try {
    const code = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { url: path, code: code.replace(/^#[^\n]*/, ''), agent: undefined };
  } catch {
    throw new PypesError('agent_broken', 'The file is no UTF-8 text', { details: { file: path } });
  }
}
