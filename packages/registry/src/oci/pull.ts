// Pulls a wasm artifact: manifest, config, layer, each checked against the digest above it, and the signatures over it.

import type { Envelope } from '../dsse/envelope.ts';
import { type Digest, isDigest, toDigest } from '../encoding/digest.ts';
import { fault } from '../faults.ts';
import { COMPONENT_FILE, INTERFACE_FILE, MANIFEST_FILE } from '../manifest/manifest.ts';
import { packSkill } from '../manifest/read-skill.ts';
import { toSkill } from '../manifest/skill.ts';
import type { OciSource } from '../sources/source.ts';
import { INTERFACE_ANNOTATION, MANIFEST_ANNOTATION } from './annotations.ts';
import {
  MANIFEST_TYPE,
  parseOciJson,
  parseWasmManifest,
  readList,
  WASM_CONFIG_TYPE,
  type WasmManifest,
} from './manifest.ts';
import { checkDigest, expectStatus, type OciOptions, type OciRepository, openOciRepository } from './registry.ts';
import { findSignatures } from './signatures.ts';

/** A pulled artifact. Its bytes fit its digests; whether they may load is for `verifySkill` to say. */
export type Pulled = {
  /** What signatures are over. */
  readonly manifestDigest: Digest;
  /** A component, or a skill's archive: also where a skill was pushed as a component with its manifest beside it. */
  readonly bytes: Buffer;
  readonly envelopes: readonly Envelope[];
  /** Policy layers, unread. */
  readonly policies: readonly string[];
  /** Media types of layers that were not looked at. */
  readonly skipped: readonly string[];
};

/** What pulls and pushes share. */
export type OciAccess = Omit<OciOptions, 'host' | 'repository'>;

/**
 * @throws PypesError with the reason `missing`, `unreachable`, `malformed`, `tampered`, `too_large`, `endless`, `too_slow`
 */
export async function pullArtifact(source: OciSource, access: OciAccess): Promise<Pulled> {
  const repository = openOciRepository({ ...access, host: source.host, repository: source.repository });
  const { bytes, digest } = await loadManifest(repository, source);
  const manifest = parseWasmManifest(bytes);
  await checkConfig(repository, manifest);
  const content = await repository.loadBlob(manifest.content, repository.limits.layerBytes);
  const policies: string[] = [];
  for (const policy of manifest.policies) {
    policies.push((await repository.loadBlob(policy, repository.limits.configBytes)).toString('utf8'));
  }
  return {
    manifestDigest: digest,
    bytes: toContent(manifest, content),
    envelopes: await findSignatures(repository, digest),
    policies,
    skipped: manifest.skipped.map(({ mediaType }) => mediaType),
  };
}

async function loadManifest(repository: OciRepository, { reference, host, repository: name }: OciSource) {
  const text = 'tag' in reference ? reference.tag : reference.digest;
  const answer = await repository.send('GET', `manifests/${text}`, { headers: { accept: MANIFEST_TYPE } });
  expectStatus(answer, [200], `${host}/${name} ${text}`);
  const announced = answer.headers.get('docker-content-digest');
  const wanted = 'digest' in reference ? reference.digest : isDigest(announced) ? announced : toDigest(answer.body);
  checkDigest(answer.body, wanted, `the manifest of ${host}/${name}`);
  return { bytes: answer.body, digest: wanted };
}

/** A wasm config lists its layers; where it does, they must be those of the manifest. */
async function checkConfig(repository: OciRepository, { config, content }: WasmManifest): Promise<void> {
  const bytes = await repository.loadBlob(config, repository.limits.configBytes);
  if (config.mediaType !== WASM_CONFIG_TYPE) return;
  const listed = readList(parseOciJson(bytes, 'config').layerDigests);
  if (listed.length === 0 || listed.includes(content.digest)) return;
  throw fault('mixed', 'The config of the artifact lists other layers than its manifest; nothing was loaded');
}

function toContent({ content, annotations }: WasmManifest, bytes: Buffer): Buffer {
  const manifest = annotations[MANIFEST_ANNOTATION];
  if (content.kind === 'skill' || manifest === undefined) return bytes;
  const wit = annotations[INTERFACE_ANNOTATION];
  const files = new Map<string, Uint8Array>([
    [COMPONENT_FILE, bytes],
    [MANIFEST_FILE, Buffer.from(manifest)],
    ...(wit === undefined ? [] : [[INTERFACE_FILE, Buffer.from(wit)] as const]),
  ]);
  return packSkill(toSkill(files));
}
