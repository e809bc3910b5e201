// What takes longest to start, begun while all else is still being read.
import { readdirSync } from 'node:fs';
import { extname } from 'node:path';

/** How the names in folders end, in lower case, with the dot. A folder that is not there has none. */
export function endingsIn(folders: readonly string[]): ReadonlySet<string> {
  return new Set(folders.flatMap((folder) => namesIn(folder).map((name) => extname(name).toLowerCase())));
}

/**
 * Asks for the interpreter that files in the folders are about to need; resolves when it was asked. What is wrong is
 * said to the first of those files.
 */
export async function startEarly(folders: readonly string[]): Promise<void> {
  if (!endingsIn(folders).has('.py')) return;
  const { findInterpreter } = await import('@pypes/runtimes/python-interpreter');
  findInterpreter().catch(() => undefined);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
