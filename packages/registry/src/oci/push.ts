// Pushes a skill as a wasm artifact, blobs before the manifest that names them, and signatures over its digest.
//
// A component goes out as every wasm tool expects it: one `application/wasm` layer; its manifest.toml and interface.wit
// ride in annotations. A skill of other agent files has one layer of our own type, its archive.
import type { Json } from '@pypes/contract';
import { PypesError } from '@pypes/contract';
import { signStatement } from '../dsse/envelope.ts';
import { toCanonicalJson } from '../encoding/canonical.ts';
import { type Digest, toDigest } from '../encoding/digest.ts';
import type { SigningKey } from '../keys/key.ts';
import { COMPONENT_FILE, INTERFACE_FILE, MANIFEST_FILE } from '../manifest/manifest.ts';
import { toNameText } from '../manifest/names.ts';
import { packSkill } from '../manifest/read-skill.ts';
import type { Skill } from '../manifest/skill.ts';
import type { OciSource } from '../sources/source.ts';
import { INTERFACE_ANNOTATION, MANIFEST_ANNOTATION } from './annotations.ts';
import { EMPTY_TYPE, MANIFEST_TYPE, SKILL_TYPE, WASM_CONFIG_TYPE, WASM_TYPE } from './manifest.ts';
import type { OciAccess } from './pull.ts';
import { openOciRepository } from './registry.ts';
import { pushSignature } from './signatures.ts';
import { pushBlob, pushManifest } from './upload.ts';

/** What is known of a component's world; it goes into the config. */
export type ComponentInfo = {
  readonly exports: readonly string[];
  readonly imports: readonly string[];
  readonly target?: string;
};

/**
 * Pushes a skill under a tag.
 *
 * @returns the digest of the manifest, which the signature is over
 * @throws PypesError `invalid_request` for a source without a tag; with a reason where the registry refuses
 */
export async function pushSkill(
  source: OciSource,
  skill: Skill,
  keys: readonly SigningKey[],
  access: OciAccess,
  component?: ComponentInfo,
): Promise<Digest> {
  if (!('tag' in source.reference)) throw new PypesError('invalid_request', 'Name a tag to push to, not a digest');
  const repository = openOciRepository({ ...access, host: source.host, repository: source.repository });
  const wasm = skill.files.get(COMPONENT_FILE);
  // Only what annotations carry may stand beside the component; anything more needs the archive.
  const plain =
    wasm !== undefined && [...skill.files.keys()].every((path) => TEXTS.includes(path) || path === COMPONENT_FILE);
  const layer = plain ? wasm : packSkill(skill);
  const config = Buffer.from(plain ? toWasmConfig(toDigest(layer), component) : '{}');
  for (const blob of [layer, config]) await pushBlob(repository, blob);
  const manifest = Buffer.from(
    toCanonicalJson({
      schemaVersion: 2,
      mediaType: MANIFEST_TYPE,
      ...(plain ? {} : { artifactType: SKILL_TYPE }),
      config: describe(plain ? WASM_CONFIG_TYPE : EMPTY_TYPE, config),
      layers: [describe(plain ? WASM_TYPE : SKILL_TYPE, layer)],
      annotations: toAnnotations(skill, plain),
    }),
  );
  const digest = toDigest(manifest);
  await pushManifest(repository, digest, MANIFEST_TYPE, manifest);
  if (keys.length > 0) {
    const { version } = skill.manifest.package;
    const envelope = signStatement({ digest, name: toNameText(skill.manifest.package), version }, keys);
    await pushSignature(repository, { mediaType: MANIFEST_TYPE, digest, size: manifest.length }, envelope);
  }
  // The tag last: whoever follows it finds the signature there already.
  await pushManifest(repository, source.reference.tag, MANIFEST_TYPE, manifest);
  return digest;
}

const TEXTS: readonly string[] = [MANIFEST_FILE, INTERFACE_FILE];

function toWasmConfig(layer: Digest, component: ComponentInfo | undefined): string {
  const config: Json = {
    // Fixed: equal skills have equal digests.
    created: '1970-01-01T00:00:00Z',
    architecture: 'wasm',
    os: 'wasip2',
    layerDigests: [layer],
    ...(component === undefined ? {} : { component: { ...component } }),
  };
  return toCanonicalJson(config);
}

function toAnnotations({ manifest, files }: Skill, plain: boolean): { readonly [name: string]: string } {
  const { version, description, license } = manifest.package;
  const text = (path: string) => Buffer.from(files.get(path)!).toString('utf8');
  return {
    'org.opencontainers.image.title': toNameText(manifest.package),
    'org.opencontainers.image.version': version,
    'org.opencontainers.image.description': description,
    ...(license === undefined ? {} : { 'org.opencontainers.image.licenses': license }),
    ...(plain ? { [MANIFEST_ANNOTATION]: text(MANIFEST_FILE) } : {}),
    ...(plain && files.has(INTERFACE_FILE) ? { [INTERFACE_ANNOTATION]: text(INTERFACE_FILE) } : {}),
  };
}

function describe(mediaType: string, bytes: Uint8Array) {
  return { mediaType, digest: toDigest(bytes), size: bytes.length };
}
