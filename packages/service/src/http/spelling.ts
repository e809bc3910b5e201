// The older spelling of the wire contract: the same handlers, with `swarm` for `pack` in keys and addresses (spec 2).
import { type Json, type JsonObject, SWARM_BASE, SWARM_SCHEMA_ID, WIRE_BASE } from '@pypes/contract';

const RENAMED: { readonly [key: string]: string } = {
  pack_guid: 'swarm_guid',
  pack_url: 'swarm_url',
  pack_token: 'swarm_token',
  pack_count: 'swarm_count',
  packs: 'swarms',
};

/** An answer as older clients know it. Only the envelope is renamed, never what an agent put out. */
export function toSwarmAnswer(answer: Json): Json {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return answer;
  return renameKeys(answer as JsonObject);
}

function renameKeys(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [RENAMED[key] ?? key, renameValue(key, value)]),
  );
}

function renameValue(key: string, value: Json): Json {
  if (key === 'schema') return SWARM_SCHEMA_ID;
  if ((key === 'pack_url' || key === 'info_url') && typeof value === 'string')
    return value.replace(WIRE_BASE, SWARM_BASE);
  if (key === 'packs' && Array.isArray(value)) return value.map((pack) => toSwarmAnswer(pack as Json));
  return value;
}

/** Request bodies of older clients name the guid their way. */
export function fromSwarmBundle(bundle: JsonObject): JsonObject {
  const { swarm_guid, ...rest } = bundle;
  return swarm_guid === undefined || rest.pack_guid !== undefined ? bundle : { ...rest, pack_guid: swarm_guid };
}
