// Signatures as referrers: each is a small artifact whose subject is the signed manifest (OCI 1.1).
//
// Not an annotation, since a manifest cannot hold a signature over its own digest. Registries without the referrers API
// (Debian's docker-registry) keep them in an index under the tag `sha256-HEX`, as the specification says.
import { isJsonObject } from '@pypes/contract';
import { type Envelope, parseEnvelope, SIGNATURE_TYPE } from '../dsse/envelope.ts';
import { toCanonicalJson } from '../encoding/canonical.ts';
import { type Digest, toDigest, toHex } from '../encoding/digest.ts';
import {
  type Descriptor,
  EMPTY_TYPE,
  INDEX_TYPE,
  MANIFEST_TYPE,
  parseOciJson,
  readDescriptor,
  readList,
} from './manifest.ts';
import { checkDigest, expectStatus, type OciRepository } from './registry.ts';
import { pushBlob, pushManifest } from './upload.ts';

const ENVELOPE_TYPE = 'application/vnd.dsse.envelope.v1+json';
const MOST_SIGNATURES = 16;
const EMPTY = Buffer.from('{}');

/** Attaches a signature to a manifest. */
export async function pushSignature(repository: OciRepository, subject: Descriptor, envelope: Envelope): Promise<void> {
  const bytes = Buffer.from(
    toCanonicalJson({ ...envelope, signatures: envelope.signatures.map((item) => ({ ...item })) }),
  );
  for (const blob of [EMPTY, bytes]) await pushBlob(repository, blob);
  const manifest = Buffer.from(
    toCanonicalJson({
      schemaVersion: 2,
      mediaType: MANIFEST_TYPE,
      artifactType: SIGNATURE_TYPE,
      config: { mediaType: EMPTY_TYPE, digest: toDigest(EMPTY), size: EMPTY.length },
      layers: [{ mediaType: ENVELOPE_TYPE, digest: toDigest(bytes), size: bytes.length }],
      subject,
    }),
  );
  const digest = toDigest(manifest);
  const answer = await pushManifest(repository, digest, MANIFEST_TYPE, manifest);
  if (answer.headers.get('oci-subject') !== null) return;
  const tag = toFallbackTag(subject.digest);
  const known = await loadIndex(repository, `manifests/${tag}`);
  if (known.some((item) => item.digest === digest)) return;
  const manifests = [...known, { mediaType: MANIFEST_TYPE, digest, size: manifest.length }].map((item) => ({
    ...item,
    artifactType: SIGNATURE_TYPE,
  }));
  const index = Buffer.from(toCanonicalJson({ schemaVersion: 2, mediaType: INDEX_TYPE, manifests }));
  await pushManifest(repository, tag, INDEX_TYPE, index);
}

/** The envelopes over a manifest; what is no signature of ours is passed over. */
export async function findSignatures(repository: OciRepository, subject: Digest): Promise<readonly Envelope[]> {
  const referrers = await loadIndex(
    repository,
    `referrers/${subject}?artifactType=${encodeURIComponent(SIGNATURE_TYPE)}`,
  );
  const found = referrers.length > 0 ? referrers : await loadIndex(repository, `manifests/${toFallbackTag(subject)}`);
  const envelopes: Envelope[] = [];
  for (const descriptor of found.slice(0, MOST_SIGNATURES)) {
    const envelope = await loadSignature(repository, descriptor, subject);
    if (envelope !== undefined) envelopes.push(envelope);
  }
  return envelopes;
}

/** The signatures in an index; none where there is no index. */
async function loadIndex(repository: OciRepository, path: string): Promise<readonly Descriptor[]> {
  const answer = await repository.send('GET', path, { headers: { accept: INDEX_TYPE } });
  if (answer.status === 404) return [];
  expectStatus(answer, [200], 'list of signatures');
  const listed = readList(parseOciJson(answer.body, 'index').manifests);
  return listed
    .filter((item) => isJsonObject(item) && (item.artifactType === undefined || item.artifactType === SIGNATURE_TYPE))
    .map((item) => readDescriptor(item, 'signature'));
}

async function loadSignature(
  repository: OciRepository,
  descriptor: Descriptor,
  subject: Digest,
): Promise<Envelope | undefined> {
  const answer = await repository.send('GET', `manifests/${descriptor.digest}`, { headers: { accept: MANIFEST_TYPE } });
  if (answer.status === 404) return undefined;
  expectStatus(answer, [200], 'signature');
  checkDigest(answer.body, descriptor.digest, 'a signature');
  const manifest = parseOciJson(answer.body, 'signature');
  const [layer] = readList(manifest.layers);
  const about = isJsonObject(manifest.subject) ? manifest.subject.digest : undefined;
  if (manifest.artifactType !== SIGNATURE_TYPE || about !== subject || layer === undefined) return undefined;
  return parseEnvelope(await repository.loadBlob(readDescriptor(layer, 'signature'), repository.limits.configBytes));
}

function toFallbackTag(digest: Digest): string {
  return `sha256-${toHex(digest)}`;
}
