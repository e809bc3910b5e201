// Skills from a URL or a path: the bytes, and the signature that lies beside them under the same name with `.sig`.
import { readFile, stat } from 'node:fs/promises';
import { type Envelope, parseEnvelope } from '../dsse/envelope.ts';
import { fault, toFaultReason } from '../faults.ts';
import { hasCode, readIfThere } from '../files/read.ts';
import { type DownloadLimits, download, type Fetch } from '../http/download.ts';
import { withRedirects } from '../http/follow.ts';
import { MOST_ARCHIVE_BYTES } from '../manifest/archive.ts';
import { packSkill, readSkill } from '../manifest/read-skill.ts';

/** Bytes whose origin nobody has checked yet: that is for `verifySkill`. */
export type Loaded = { readonly bytes: Buffer; readonly envelopes: readonly Envelope[] };

const MOST_SIGNATURE_BYTES = 64 * 1024;
const DEFAULT_LIMITS: DownloadLimits = { maxBytes: MOST_ARCHIVE_BYTES, idleMs: 10_000, totalMs: 300_000 };

/** @throws PypesError with the reason `missing`, `unreachable`, `too_large`, `endless`, `too_slow` or `malformed` */
export async function loadUrl(fetch: Fetch, url: string, limits: Partial<DownloadLimits> = {}): Promise<Loaded> {
  const bounds = { ...DEFAULT_LIMITS, ...limits };
  const safe = withRedirects(fetch);
  const bytes = await download(safe, url, bounds);
  try {
    const signature = new URL(url);
    signature.pathname += '.sig';
    const envelope = await download(safe, signature.href, { ...bounds, maxBytes: MOST_SIGNATURE_BYTES });
    return { bytes, envelopes: [parseEnvelope(envelope)] };
  } catch (error) {
    if (toFaultReason(error) === 'missing') return { bytes, envelopes: [] };
    throw error;
  }
}

/**
 * Loads a component, an archive, or a skill's folder, which is packed as it would be published.
 *
 * @throws PypesError with the reason `missing`, `too_large`, `malformed` or `tampered`
 */
export async function loadPath(path: string): Promise<Loaded> {
  const signature = await readIfThere(`${path.replace(/\/+$/, '')}.sig`);
  const envelopes = signature === undefined ? [] : [parseEnvelope(signature)];
  const found = await stat(path).catch((cause: unknown) => {
    if (!hasCode(cause, 'ENOENT')) throw cause;
    throw fault('missing', `There is nothing at "${path}"`, {}, cause);
  });
  if (found.isDirectory()) return { bytes: packSkill(await readSkill(path)), envelopes };
  if (found.size > MOST_ARCHIVE_BYTES)
    throw fault('too_large', `"${path}" has ${found.size} bytes; ${MOST_ARCHIVE_BYTES} are allowed`);
  return { bytes: await readFile(path), envelopes };
}
