// Reads a stranger's JavaScript or TypeScript file: as the trusted runtime does, but nothing can be imported.
import type { SourceFile } from '@pypes/contract';
import type * as acorn from 'acorn';
import type { FileText } from '../../threads/file-text.ts';
import { readAgent } from '../source/agent.ts';
import { broken, parseSource, type StripTypes } from '../source/parse.ts';

/** @throws PypesError `agent_broken` */
export async function readSandboxFile(file: SourceFile, strip: StripTypes): Promise<FileText> {
  const parsed = await parseSource(file, strip);
  refuseImports(parsed.program, parsed.code, file);
  return { url: file.path, code: parsed.code, agent: readAgent(parsed, file) };
}

function refuseImports(program: acorn.Program, code: string, { path }: SourceFile): void {
  for (const statement of program.body) {
    if (!('source' in statement) || !statement.source) continue;
    const line = code.slice(0, statement.start).split('\n').length;
    const name = String(statement.source.value).slice(0, 80);
    throw broken(path, `"${name}" cannot be imported: in the sandbox a file is on its own, with context for the rest`, {
      line,
    });
  }
}
