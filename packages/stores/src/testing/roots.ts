// Folders for tests, removed when the process ends.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const roots: string[] = [];
process.once('exit', () => {
  for (const root of roots) rmSync(root, { recursive: true, force: true });
});

export function newRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'pypes-store-'));
  roots.push(root);
  return root;
}

/** Who may do what with a file, in octal. */
export function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}
