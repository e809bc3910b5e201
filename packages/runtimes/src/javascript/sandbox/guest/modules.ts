// The modules that QuickJS may load: the prelude's own, until the agent's file comes; then none.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { workerData } from 'node:worker_threads';
import type { ThreadData } from '../../../threads/wire/messages.ts';

const OWN_EXTENSION = import.meta.url.slice(import.meta.url.lastIndexOf('.'));

/** What QuickJS begins with. */
export const PRELUDE_URL = new URL(`../inside/prelude${OWN_EXTENSION}`, import.meta.url).href;

/** A loader for one QuickJS; after `close` nothing can be imported. */
export function createModuleLoader() {
  let open = true;
  return {
    load: (url: string): string | { error: Error } => {
      if (!open) return { error: new Error(`Nothing can be imported in the sandbox: "${url}"`) };
      return textOf(url);
    },
    resolve: (base: string, specifier: string): string =>
      open && base.startsWith('file:') ? new URL(specifier, base).href : specifier,
    close: () => {
      open = false;
    },
  };
}

const texts = new Map<string, string>();

/** As the host stripped it, or, run from JavaScript, as it lies on the disk. */
function textOf(url: string): string {
  const known =
    texts.get(url) ?? (workerData as ThreadData).modules.get(url) ?? readFileSync(fileURLToPath(url), 'utf8');
  texts.set(url, known);
  return known;
}
