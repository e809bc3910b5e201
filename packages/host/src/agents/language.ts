// Which runtime takes a file, and which files are no agents at all (spec 1, discovery).
import type { FolderEntry, Runtime } from '@pypes/contract';

/**
 * The runtime of a file, or undefined where the file is no agent. Of two runtimes of one language the sandbox takes
 * strangers' files and the other one the operator's; where there is no such choice the caller has to look whether the
 * runtime may run the file ({@link isSafeFor}).
 */
export function runtimeOf(entry: FolderEntry, runtimes: readonly Runtime[], trusted: boolean): Runtime | undefined {
  const filename = filenameOf(entry.path);
  if (/^[._]/.test(filename) || filename === 'basic_agent.py') return undefined;
  const ending = endingOf(filename);
  const ofLanguage = runtimes.filter((runtime) => runtime.extensions.includes(ending));
  if (ofLanguage.length > 0) {
    return ofLanguage.find((runtime) => runtime.capabilities.sandboxed !== trusted) ?? ofLanguage[0];
  }
  if (!trusted || !entry.executable) return undefined;
  return runtimes.find((runtime) => runtime.extensions.length === 0);
}

/** A stranger's file runs in a sandbox or not at all. */
export function isSafeFor(runtime: Runtime, trusted: boolean): boolean {
  return trusted || runtime.capabilities.sandboxed;
}

/** The part after the last slash. */
export function filenameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The ending with its dot, lower case; empty where there is none. */
function endingOf(filename: string): string {
  const dot = filename.lastIndexOf('.');
  return dot < 0 ? '' : filename.slice(dot).toLowerCase();
}
