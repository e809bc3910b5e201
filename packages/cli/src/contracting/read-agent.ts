// AGENT of a file in one of the four languages, read and not run.
import type { JsonObject } from '@pypes/contract';

/** Undefined for a language that is not read. */
export function readAgent(filename: string, text: string): Promise<JsonObject> | undefined {
  if (!/\.(?:py|lispy|lisp|js|mjs|ts|lua)$/i.test(filename)) return undefined;
  return read(filename, text);
}

async function read(filename: string, text: string): Promise<JsonObject> {
  // Loaded when wanted: parsers of four languages are heavy.
  const { languageOf, readMetadata } = await import('@pypes/translate');
  const language = languageOf(filename);
  return language === undefined ? {} : readMetadata(language, filename, text);
}
