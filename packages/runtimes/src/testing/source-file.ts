// A source file for tests, from its text.
import { createHash } from 'node:crypto';
import type { SourceFile } from '@pypes/contract';

/**
 * @example
 * sourceFile('echo.js', 'export const AGENT = …', { packGuid: 'another' });
 */
export function sourceFile(
  filename: string,
  text: string | Uint8Array,
  overrides: Partial<SourceFile> = {},
): SourceFile {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  return { filename, path: filename, bytes, digest, packGuid: 'b0e0c1d2-0000-4000-8000-000000000001', ...overrides };
}
