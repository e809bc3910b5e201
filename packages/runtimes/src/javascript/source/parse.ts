// Parses an agent's file without running it: types stripped, syntax checked, errors with their place.
import { PypesError, type SourceFile } from '@pypes/contract';
import type * as acorn from 'acorn';

export type ParsedSource = {
  /** JavaScript with the positions of the original. */
  readonly code: string;
  readonly program: acorn.Program;
};

/** Strips the types of a TypeScript file, all positions as they were. @throws PypesError `agent_broken` */
export type StripTypes = (text: string, path: string) => string | Promise<string>;

/** @throws PypesError `agent_broken` with details `{file, line?, column?}` */
export async function parseSource(file: SourceFile, strip: StripTypes): Promise<ParsedSource> {
  const text = new TextDecoder().decode(file.bytes);
  const code = file.filename.toLowerCase().endsWith('.ts') ? await strip(text, file.path) : text;
  // Loaded at the first use: a host without JavaScript agents does not carry the parser.
  const { parse } = await import('acorn');
  try {
    return { code, program: parse(code, { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true }) };
  } catch (error) {
    const { loc, message } = error as SyntaxError & { readonly loc?: acorn.Position };
    if (loc === undefined) throw error;
    const place = { line: loc.line, column: loc.column + 1 };
    throw broken(file.path, `SyntaxError: ${message.replace(/ \(\d+:\d+\)$/, '')}`, place);
  }
}

/** An `agent_broken` of a file, with the place in its text where there is one. */
export function broken(path: string, message: string, place: { line?: number; column?: number } = {}): PypesError {
  const where = place.line === undefined ? '' : ` (line ${place.line})`;
  return new PypesError('agent_broken', `${message}${where}`, { details: { file: path, ...place } });
}

/** A failure of a stripper of types. `refused`: the file is TypeScript, but not of the kind that is erased only. */
export function brokenTypes(
  path: string,
  message: string,
  refused: boolean,
  place: { line?: number; column?: number },
): PypesError {
  const hint = refused ? '; types are only erased, so use a construct that leaves no code behind' : '';
  return broken(path, `SyntaxError: ${message}${hint}`, place);
}
