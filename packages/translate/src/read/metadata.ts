// The metadata of a file of any of the four languages, as it stands in its text.
import type { JsonObject } from '@pypes/contract';
import type { Language } from '../language.ts';
import { createRefusals } from '../verdict.ts';
import { readProgram } from './read.ts';

/** AGENT of a file that is read, not run. @throws PypesError `agent_broken` */
export async function readMetadata(from: Language, filename: string, text: string): Promise<JsonObject> {
  const { program } = await readProgram(from, { filename, text }, createRefusals(filename));
  return program.metadata;
}
