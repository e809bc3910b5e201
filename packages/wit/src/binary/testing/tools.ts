// Binaries for tests, made by the published tools in a process of their own: a panic in them poisons the process.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What to make: a core module with an embedded world, a component of it, a binary from its text. */
export type Job =
  | { readonly make: 'core' | 'component'; readonly wit: string; readonly world?: string }
  | { readonly make: 'binary'; readonly wat: string };

export type Made = { readonly bytes: Uint8Array<ArrayBuffer> } | { readonly error: string };

/** Makes all of them in one process; what cannot be made comes back as an error. */
export const makeAll = (jobs: readonly Job[]): readonly Made[] => {
  const script = fileURLToPath(new URL('./make-binaries.mjs', import.meta.url));
  const output = execFileSync(process.execPath, [script], {
    input: JSON.stringify(jobs),
    maxBuffer: 1 << 28,
    encoding: 'utf8',
  });
  const results: readonly (string | { readonly error: string })[] = JSON.parse(output);
  return results.map((made) => (typeof made === 'string' ? { bytes: fromBase64(made) } : made));
};

/** Makes all of them; throws if one cannot be made. */
export const makeEach = (jobs: readonly Job[]): readonly Uint8Array<ArrayBuffer>[] =>
  makeAll(jobs).map((made) => {
    if ('error' in made) throw new Error(made.error);
    return made.bytes;
  });

const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
