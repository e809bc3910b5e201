// The modules that QuickJS may load: the prelude's own, until the agent's file comes; then none.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { workerData } from 'node:worker_threads';
import type { ThreadData } from '../../../threads/wire/messages.ts';

const OWN_EXTENSION = import.meta.url.slice(import.meta.url.lastIndexOf('.'));

/** Inside, modules have names without a path of this machine. */
const SCHEME = 'sandbox:/';
const ROOT = new URL('../../../', import.meta.url).href;

/** The module that the driver comes from, and what imports it. */
export const PRELUDE_NAME = `${SCHEME}javascript/sandbox/inside/prelude${OWN_EXTENSION}`;
export const START_NAME = `${SCHEME}start`;

/** A loader for one QuickJS; after `close` nothing can be imported, not even what is loaded already. */
export function createModuleLoader() {
  let open = true;
  return {
    load: (name: string): string | { error: Error } =>
      open ? textOf(name) : { error: new Error(`Nothing can be imported in the sandbox: "${name.slice(1)}"`) },
    resolve: (base: string, specifier: string): string => {
      if (!open) return `!${specifier}`;
      return base.startsWith(SCHEME) && specifier.startsWith('.') ? new URL(specifier, base).href : specifier;
    },
    close: () => {
      open = false;
    },
  };
}

const texts = new Map<string, string>();

/** As the host stripped it, or, run from JavaScript, as it lies on the disk. */
function textOf(name: string): string {
  const url = ROOT + name.slice(SCHEME.length);
  const text =
    texts.get(url) ?? (workerData as ThreadData).modules.get(url) ?? readFileSync(fileURLToPath(url), 'utf8');
  texts.set(url, text);
  return text;
}
