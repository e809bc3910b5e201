// What makes a request of 2026-07-28 plain: everything in it is there, and as it should be.
import { CLIENT_CAPABILITIES_META_KEY, CLIENT_INFO_META_KEY } from '@modelcontextprotocol/server';
import { isJsonObject, type JsonObject } from '@pypes/contract';

/** The revision. */
export const MODERN = '2026-07-28';

/** What a client says that it can do; undefined where it, or what the client says of itself, is not plain. */
export function capabilitiesIn(meta: JsonObject): JsonObject | undefined {
  const capabilities = meta[CLIENT_CAPABILITIES_META_KEY];
  const info = meta[CLIENT_INFO_META_KEY];
  if (!isJsonObject(capabilities) || !Object.values(capabilities).every(isJsonObject)) return undefined;
  if (info === undefined) return capabilities;
  return isJsonObject(info) && typeof info.name === 'string' && typeof info.version === 'string'
    ? capabilities
    : undefined;
}
