// Fills in [checksums], the last table of a manifest, and leaves the rest as its author wrote it.
import { createHash } from 'node:crypto';

const HEADING = '[checksums]\n';

/** @throws Error where the manifest has no such table, or another one after it */
export function withChecksums(manifest: string, files: { readonly [key: string]: Uint8Array }): string {
  const at = manifest.indexOf(`\n${HEADING}`);
  const rest = manifest.slice(at + 1 + HEADING.length);
  if (at < 0 || /^\[/m.test(rest))
    throw new Error('A manifest ends with the table [checksums]; add it as the last one');
  const lines = Object.entries(files).map(([key, bytes]) => `${toKey(key)} = "${digestOf(bytes)}"\n`);
  return manifest.slice(0, at + 1) + HEADING + lines.join('');
}

function toKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : JSON.stringify(key);
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
