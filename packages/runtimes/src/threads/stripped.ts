// Text without its types, kept from one process to the next: what strips costs a tenth of a second before its first file.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { getCompileCacheDir } from 'node:module';
import { join } from 'node:path';
import { stripTypes } from './strip.ts';

/** Strips the types of a module. @throws SyntaxError of Node */
export type Strip = (text: string) => string;

/**
 * Strips as `strip` does, and keeps what it gave in `folder`, under the digest of what it was given.
 *
 * @example
 * const keep = createKeptStrip('/home/ann/.cache/pypes', stripTypes);
 * keep('const a: number = 1;'); // 'const a         = 1;'
 */
export function createKeptStrip(folder: string, strip: Strip): Strip {
  return (text) => {
    const digest = createHash('sha256').update(`${process.versions.amaro}\n${text}`).digest('hex');
    const path = join(folder, digest);
    const kept = read(path);
    if (kept !== undefined) return kept;
    const stripped = strip(text);
    write(folder, path, stripped);
    return stripped;
  };
}

/**
 * For text of the operator's own, which is kept where Node keeps the code that it compiled: whoever can write there has
 * this process already. Where Node keeps nothing, neither does this.
 */
export function stripOwnTypes(text: string): string {
  const folder = getCompileCacheDir();
  return folder === undefined ? stripTypes(text) : createKeptStrip(join(folder, 'pypes-types'), stripTypes)(text);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Whole or not at all, for others read meanwhile. A folder that cannot be written costs time, and nothing else. */
function write(folder: string, path: string, text: string): void {
  const part = `${path}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(part, text);
    renameSync(part, path);
  } catch {
    return;
  }
}
