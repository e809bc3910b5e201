// Everything that a host of agent files will want without its types, at once, so that a process after this one strips none.
import { readGuests } from './pool/thread.ts';
import { stripOwnTypes } from './stripped.ts';

/** Keeps the modules of all languages that run in threads, and these texts of the operator's own. */
export function keepWithoutTypes(texts: readonly string[]): void {
  readGuests();
  for (const text of texts) {
    try {
      stripOwnTypes(text);
    } catch {
      // Whatever is wrong with it, too deep for the stripper or no TypeScript: whoever reads the file next says so.
    }
  }
}
