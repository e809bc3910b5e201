// The manifest of a pack as a blob: what was given, and which revision of the files it stands for.
import { isJsonObject, type JsonObject, type PackManifest, PypesError } from '@pypes/contract';

/** One file of a revision. */
export type StoredEntry = { readonly filename: string; readonly sha256: string };

export type StoredManifest = {
  readonly manifest: PackManifest;
  readonly revision: string;
  readonly files: readonly StoredEntry[];
};

/** The key that is ours in the manifest's JSON. */
const OWN_KEY = '$stored';

/** @throws PypesError `invalid_request` where the manifest has the key that is the store's */
export function toManifestBytes({ manifest, revision, files }: StoredManifest): Uint8Array {
  if (Object.hasOwn(manifest, OWN_KEY)) {
    throw new PypesError('invalid_request', `The manifest has the key "${OWN_KEY}", which is the store's; rename it`);
  }
  const stored = { ...manifest, [OWN_KEY]: { revision, files } };
  return new TextEncoder().encode(`${JSON.stringify(stored, null, 2)}\n`);
}

/** @throws PypesError `internal` where somebody else wrote it */
export function parseManifest(bytes: Uint8Array, key: string): StoredManifest {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw damaged(key, error);
  }
  if (!isJsonObject(value)) throw damaged(key);
  const { [OWN_KEY]: stored, ...manifest } = value;
  if (!isJsonObject(stored) || typeof stored.revision !== 'string' || !Array.isArray(stored.files)) throw damaged(key);
  const files = (stored.files as readonly JsonObject[]).map(({ filename, sha256 }) => ({
    filename: String(filename),
    sha256: String(sha256),
  }));
  return { manifest: manifest as PackManifest, revision: stored.revision, files };
}

function damaged(key: string, cause?: unknown): PypesError {
  return new PypesError('internal', `The blob "${key}" is no manifest of a pack; deploy the pack under a new guid`, {
    cause,
  });
}
