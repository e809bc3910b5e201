// A service that runs from its sources starts once more where types had to be stripped: the stripper stays in memory.
import { flushCompileCache, getCompileCacheDir } from 'node:module';

/** Node's own list of what it has loaded of itself: nothing else tells. */
type Loaded = { readonly moduleLoadList?: readonly string[] };

const STRIPPER = /deps\/amaro\//;
/** Set for the second start: where nothing can be kept, a third one would be no better. */
const AGAIN = 'PYPES_STARTED_AGAIN';

/**
 * Loads what a service of these folders needs. Where Node has stripped types for that, as at the first start and after a
 * change, all that will be needed without types is kept on the disk, and another start takes the place of this process:
 * some 0.3 s once, for 25 MB. To be called before anything is started.
 */
export async function startLean(folders: readonly string[]): Promise<void> {
  const isAgain = process.env[AGAIN] !== undefined;
  delete process.env[AGAIN];
  if (!import.meta.url.endsWith('.ts') || isAgain || getCompileCacheDir() === undefined) return;
  if (process.platform === 'win32' || process.execve === undefined) return;
  const [{ keepStripped }] = await Promise.all([import('@pypes/service/config'), import('@pypes/service/node')]);
  if ((process as Loaded).moduleLoadList?.some((name) => STRIPPER.test(name)) !== true) return;
  await keepStripped(folders);
  flushCompileCache();
  const args = [process.argv0, ...process.execArgv, ...process.argv.slice(1)];
  process.execve(process.execPath, args, { ...process.env, [AGAIN]: '1' });
}
