// What takes longest to start, begun while all else is still being read.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { DEFAULT_LIMITS } from '@pypes/contract';

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

/**
 * Has all types stripped that a service of these folders wants stripped as soon as it starts and is called: those of its
 * own modules, of the modules in its threads, and of agents in the folders.
 */
export async function keepStripped(folders: readonly string[]): Promise<void> {
  await Promise.all([
    import('@pypes/runtimes/executable'),
    import('@pypes/runtimes/javascript'),
    import('@pypes/runtimes/lispy'),
    import('@pypes/runtimes/lua'),
    import('@pypes/runtimes/python'),
    import('./strangers-python.ts'),
    import('../mcp/index.ts'),
  ]);
  const { keepWithoutTypes } = await import('@pypes/runtimes/without-types');
  const files = folders.flatMap((folder) => namesIn(folder).map((name) => join(folder, name)));
  keepWithoutTypes(files.filter((path) => extname(path).toLowerCase() === '.ts').flatMap(textOf));
}

/** What cannot be read is said when it is served; a pipe would be waited for, and none is read. */
function textOf(path: string): readonly string[] {
  try {
    const file = statSync(path);
    return file.isFile() && file.size <= DEFAULT_LIMITS.fileBytes ? [readFileSync(path, 'utf8')] : [];
  } catch {
    return [];
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
