// Whether a committed OpenAPI description says what the routes say; how it is laid out is the formatter's business.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { buildOpenApi } from '../../packages/service/src/http/v1/openapi.ts';

export const OPENAPI_FILE = resolve(import.meta.dirname, '../../docs/reference/openapi.json');

/** The same keys and values in the same order. */
export function isFresh(file: string): boolean {
  if (!existsSync(file)) return false;
  return JSON.stringify(JSON.parse(readFileSync(file, 'utf8'))) === JSON.stringify(buildOpenApi());
}
