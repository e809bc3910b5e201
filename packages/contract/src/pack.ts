// A pack: a versioned bundle of agents, as it crosses the wire (spec 2, pack/1.0).
import type { Json, JsonObject, JsonSchema } from './json.ts';

export const PACK_SCHEMA_ID = 'pack/1.0';
/** The older spelling of the same bundle. */
export const SWARM_SCHEMA_ID = 'rapp-swarm/1.0';

/** One file of a bundle: `source` as text, or `source_base64` for bytes. */
export type BundleAgent = {
  readonly filename: string;
  readonly source?: string;
  readonly source_base64?: string;
  readonly sha256?: string;
  readonly name?: string;
  readonly display_name?: string;
  readonly description?: string;
  readonly [key: string]: Json | undefined;
};

/** A pack/1.0 bundle. Unknown keys are kept in the manifest. */
export type PackBundle = {
  readonly schema: string;
  readonly pack_guid?: string;
  readonly name?: string;
  readonly purpose?: string;
  readonly soul?: string;
  readonly version?: string;
  readonly created_at?: string;
  readonly created_by?: string;
  readonly sealed?: boolean;
  readonly agents: readonly BundleAgent[];
  readonly [key: string]: Json | undefined | readonly BundleAgent[];
};

/** A file that a deploy left out, and why. */
export type SkippedFile = { readonly filename: string; readonly reason: string };

/** What a store keeps of a pack beside its files. */
export type PackManifest = JsonObject & {
  readonly schema: string;
  readonly pack_guid: string;
  readonly name: string;
  readonly created_at: string;
};

/** JSON Schema of a pack/1.0 bundle. */
export const PACK_SCHEMA: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'pack/1.0',
  type: 'object',
  required: ['schema', 'agents'],
  properties: {
    schema: { enum: [PACK_SCHEMA_ID, SWARM_SCHEMA_ID] },
    pack_guid: { type: ['string', 'null'] },
    name: { type: ['string', 'null'] },
    purpose: { type: ['string', 'null'] },
    soul: { type: ['string', 'null'] },
    version: { type: ['string', 'number', 'null'] },
    created_at: { type: ['string', 'null'] },
    created_by: { type: ['string', 'null'] },
    sealed: { type: 'boolean' },
    agents: {
      type: 'array',
      maxItems: 10_000,
      items: {
        type: 'object',
        properties: {
          filename: { type: ['string', 'null'] },
          source: { type: ['string', 'null'] },
          source_base64: { type: ['string', 'null'] },
          sha256: { type: ['string', 'null'] },
        },
      },
    },
    permissions: { type: ['object', 'null'] },
  },
};
