// Temporary folders of tests, gone when the test ends.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A new, empty folder. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pypes-registry-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
