// What the server says of itself.
import { SERVER_INFO_META_KEY } from '@modelcontextprotocol/server';
import type { JsonObject } from '@pypes/contract';

export const SERVER_INFO = { name: 'pypes', title: 'Pypes' };

/** The `_meta` of answers in 2026-07-28. */
export function serverMeta(version: string): JsonObject {
  return { [SERVER_INFO_META_KEY]: { ...SERVER_INFO, version } };
}
