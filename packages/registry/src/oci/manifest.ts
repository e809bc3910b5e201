// OCI manifests of wasm artifacts: which layer is the component, and what else may lie beside it.
//
// The rule: exactly one wasm layer (the three media types in use) or exactly one layer of ours; policy layers, as wassette
// ships them, are known and handed over unread; every other layer is skipped and named.
import { isJsonObject, type Json, type JsonObject } from '@pypes/contract';
import { type Digest, isDigest } from '../encoding/digest.ts';
import { fault } from '../faults.ts';

export const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
export const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';
export const WASM_CONFIG_TYPE = 'application/vnd.wasm.config.v0+json';
export const EMPTY_TYPE = 'application/vnd.oci.empty.v1+json';
export const WASM_TYPE = 'application/wasm';
/** A whole skill as its archive: for skills that are no component. */
export const SKILL_TYPE = 'application/vnd.pypes.skill.v1+tar';

const WASM_TYPES: readonly string[] = [
  WASM_TYPE,
  'application/vnd.wasm.component.v1',
  'application/vnd.bytecodealliance.wasm.component.layer.v0+wasm',
];
const POLICY_TYPES: readonly string[] = [
  'application/vnd.wasm.policy.v1+yaml',
  'application/vnd.wassette.policy+yaml',
  'application/x-yaml',
  'text/yaml',
];
const MOST_LAYERS = 64;

/** A reference to a blob. */
export type Descriptor = { readonly mediaType: string; readonly digest: Digest; readonly size: number };

/** A manifest whose layers were told apart. */
export type WasmManifest = {
  readonly config: Descriptor;
  readonly content: Descriptor & { readonly kind: 'component' | 'skill' };
  readonly policies: readonly Descriptor[];
  readonly skipped: readonly Descriptor[];
  readonly annotations: { readonly [name: string]: string };
};

/** @throws PypesError with the reason `malformed` */
export function parseWasmManifest(bytes: Uint8Array): WasmManifest {
  const json = parseOciJson(bytes, 'manifest');
  if (json.mediaType === INDEX_TYPE || Array.isArray(json.manifests)) {
    throw fault('malformed', 'This reference is an index of several artifacts; name one of them by its digest');
  }
  if (json.schemaVersion !== 2 || (json.mediaType !== undefined && json.mediaType !== MANIFEST_TYPE)) {
    throw fault(
      'malformed',
      `This reference is no OCI manifest: its type is ${JSON.stringify(json.mediaType)?.slice(0, 80)}`,
    );
  }
  const layers = readList(json.layers).map((layer) => readDescriptor(layer, 'layer'));
  if (layers.length > MOST_LAYERS)
    throw fault('too_large', `The manifest has ${layers.length} layers; ${MOST_LAYERS} are allowed`);
  const candidates = layers.filter(({ mediaType }) => WASM_TYPES.includes(mediaType) || mediaType === SKILL_TYPE);
  const [content] = candidates;
  if (content === undefined || candidates.length > 1) {
    throw fault(
      'malformed',
      `A wasm artifact has one layer of the type ${WASM_TYPE}, this one has ${candidates.length}`,
      {
        layers: layers.map(({ mediaType }) => mediaType),
      },
    );
  }
  return {
    config: readDescriptor(json.config ?? null, 'config'),
    content: { ...content, kind: content.mediaType === SKILL_TYPE ? 'skill' : 'component' },
    policies: layers.filter(({ mediaType }) => POLICY_TYPES.includes(mediaType)),
    skipped: layers.filter((layer) => layer !== content && !POLICY_TYPES.includes(layer.mediaType)),
    annotations: readAnnotations(json.annotations),
  };
}

/** @throws PypesError with the reason `malformed` */
export function parseOciJson(bytes: Uint8Array, what: string): JsonObject {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (cause) {
    throw fault('malformed', `The ${what} is no JSON`, {}, cause);
  }
  if (!isJsonObject(json)) throw fault('malformed', `The ${what} is no JSON object`);
  return json;
}

/** @throws PypesError with the reason `malformed` */
export function readDescriptor(value: Json, what: string): Descriptor {
  if (isJsonObject(value)) {
    const { mediaType, digest, size } = value;
    const fits = typeof mediaType === 'string' && isDigest(digest) && Number.isSafeInteger(size) && Number(size) >= 0;
    if (fits) return { mediaType: mediaType.split(';')[0]!.trim(), digest, size: Number(size) };
  }
  throw fault('malformed', `The manifest's ${what} has no media type, sha256 digest and size`);
}

/** A list, or none. */
export function readList(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function readAnnotations(value: Json | undefined): { readonly [name: string]: string } {
  const pairs = Object.entries(isJsonObject(value) ? value : {});
  return Object.fromEntries(pairs.filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}
