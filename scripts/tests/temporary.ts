// What tests leave behind in the temporary folder goes with it: all of a run lies in one, which is removed at its end.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Before all tests. The name is short: a socket's path holds 107 bytes. @returns what runs after all tests */
export default function setUp(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'pypes-'));
  // Postgres runs as a user of its own.
  chmodSync(folder, 0o711);
  process.env.TMPDIR = folder;
  // What tests start loads the same sources again and again.
  process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '../../node_modules/.cache/compile');
  // A process that a test killed may still write for a moment.
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}
