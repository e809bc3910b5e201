// What the list of packs says of one, and how the service sees a pack that is only listed.
import { PACK_SCHEMA_ID, type PackManifest, type PackSummary } from '@pypes/contract';
import type { Pack } from '@pypes/host';

/** As `GET /api/pack/healthz` shows it. */
export function toSummary(guid: string, manifest: PackManifest, agentCount: number): PackSummary {
  return {
    pack_guid: guid,
    name: manifest.name,
    purpose: String(manifest.purpose ?? ''),
    agent_count: agentCount,
    created_at: manifest.created_at,
    created_by: String(manifest.created_by ?? ''),
  };
}

/** A pack whose files are elsewhere: it can be counted, and nothing else. */
export function toListedPack({ agent_count: count, ...about }: PackSummary): Pack {
  const names = { length: count } as readonly string[];
  return {
    guid: about.pack_guid,
    manifest: { schema: PACK_SCHEMA_ID, ...about },
    sealed: false,
    trusted: false,
    asked: {},
    catalog: { view: async () => ({ names }) } as unknown as Pack['catalog'],
  };
}
