// The transpiler's machine code, held while it is wanted: threads that compile the same bytes are given what is there.
import { readFile } from 'node:fs/promises';

const ENTRY = import.meta.resolve('@bytecodealliance/jco-transpile/component');
const CORE = new URL(ENTRY.replace(/\.js$/, '.core.wasm'));
/** A deploy brings many components, one after another. */
const KEPT_MS = 10_000;

/** Nobody reads it: what is in it is there. */
const held: Promise<WebAssembly.Module | undefined>[] = [];
let users = 0;
let timer: NodeJS.Timeout | undefined;

/**
 * Holds the code until `release`, and a little longer. The engine shares the code of modules whose bytes are equal, for
 * as long as one of them is there: each thread that transpiles goes on with what those before it have had optimised,
 * which halves its work, and takes no memory for code of its own.
 */
export function holdToolCode(): { release(): void } {
  clearTimeout(timer);
  users++;
  // Where it cannot be read, the thread that needs it says so.
  if (held.length === 0) held.push(compileCore().catch(() => undefined));
  return { release };
}

function release(): void {
  users--;
  if (users > 0) return;
  timer = setTimeout(() => {
    held.length = 0;
  }, KEPT_MS).unref();
}

async function compileCore(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await readFile(CORE));
}
