// Uploads to an OCI repository: a blob in one piece (POST, then PUT), a manifest under a tag or digest.
import { toDigest } from '../encoding/digest.ts';
import { fault } from '../faults.ts';
import { expectStatus, type OciAnswer, type OciRepository } from './registry.ts';

/** Uploads a blob that is not there yet. */
export async function pushBlob(repository: OciRepository, bytes: Uint8Array): Promise<void> {
  const digest = toDigest(bytes);
  if ((await repository.send('HEAD', `blobs/${digest}`)).status === 200) return;
  const start = await repository.send('POST', 'blobs/uploads/', { body: new Uint8Array() });
  expectStatus(start, [202], 'upload');
  const location = start.headers.get('location');
  if (location === null) throw fault('malformed', 'The registry begins an upload and does not say where');
  if (/^http:/i.test(location) && repository.origin.startsWith('https:')) {
    throw fault('unreachable', `The registry asks for the upload at "${location.slice(0, 100)}", which is not safe`);
  }
  const url = `${location}${location.includes('?') ? '&' : '?'}digest=${encodeURIComponent(digest)}`;
  const end = await repository.send('PUT', url, {
    headers: { 'content-type': 'application/octet-stream' },
    body: bytes,
  });
  expectStatus(end, [201, 204], `upload of blob ${digest}`);
}

/** Uploads a manifest or an index. */
export async function pushManifest(
  repository: OciRepository,
  reference: string,
  mediaType: string,
  bytes: Uint8Array,
): Promise<OciAnswer> {
  const answer = await repository.send('PUT', `manifests/${reference}`, {
    headers: { 'content-type': mediaType },
    body: bytes,
  });
  expectStatus(answer, [200, 201, 202], `manifest ${reference}`);
  return answer;
}
