// A stored pack as the bundle it came as: what `GET /api/pack/{guid}/bundle` answers (spec 2, bundle).
import {
  type BundleAgent,
  isJsonObject,
  type Json,
  type PackBundle,
  type StoredFile,
  type StoredPack,
  toBundleForm,
} from '@pypes/contract';
import { bytesToHex, encodeBase64 } from './encoding.ts';

/** Keys of a manifest that are the host's own affair. */
const HOST_KEYS = ['token_sha256', 'agents'];
/** Keys that a host fills in where a bundle leaves them out. */
const FILLED_IN = ['purpose', 'created_by'];

/** The same pack gives the same bundle on every host; deployed again, it is the same pack. */
export async function toBundle({ manifest, files }: StoredPack): Promise<PackBundle> {
  const kept = Object.entries(manifest).filter(
    ([key, value]) => !HOST_KEYS.includes(key) && !(FILLED_IN.includes(key) && value === ''),
  );
  const about = new Map(entriesOf(manifest.agents).map((entry) => [entry.filename, entry]));
  const agents = inOrder(files, [...about.keys()]).map((file) => toAgent(file, about.get(file.filename)));
  return toBundleForm({
    ...Object.fromEntries(kept),
    schema: manifest.schema,
    agents: await Promise.all(agents),
  });
}

/** Stores keep files in an order of their own, the manifest in the bundle's. */
function inOrder(files: readonly StoredFile[], names: readonly string[]): readonly StoredFile[] {
  const place = new Map(names.map((name, index) => [name, index]));
  const placeOf = ({ filename }: StoredFile) => place.get(filename) ?? names.length;
  return [...files].sort((a, b) => placeOf(a) - placeOf(b) || (a.filename < b.filename ? -1 : 1));
}

function entriesOf(agents: Json | undefined): readonly BundleAgent[] {
  if (!Array.isArray(agents)) return [];
  return agents.filter((entry) => isJsonObject(entry) && typeof entry.filename === 'string') as BundleAgent[];
}

async function toAgent({ filename, bytes }: StoredFile, about: BundleAgent | undefined): Promise<BundleAgent> {
  const sha256 = bytesToHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)));
  const text = textOf(bytes);
  return {
    ...about,
    filename,
    sha256,
    ...(text === undefined ? { source_base64: encodeBase64(bytes) } : { source: text }),
  };
}

/** The text whose UTF-8 the bytes are. A blank one is no source (a deploy would skip it): it travels as bytes. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.trim() === '' ? undefined : text;
  } catch {
    return undefined;
  }
}
