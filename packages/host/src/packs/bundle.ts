// Reads a pack/1.0 bundle: what is kept, what is skipped and why, what is refused (spec 2, bundle).
import {
  isJsonObject,
  type Json,
  type JsonObject,
  type Limits,
  PACK_SCHEMA_ID,
  PypesError,
  parsePermissions,
  type SkippedFile,
  type StoredFile,
  SWARM_SCHEMA_ID,
  toGuid,
} from '@pypes/contract';
import { bytesToHex, decodeBase64 } from './encoding.ts';

/** What a bundle holds, ready to be stored. */
export type ParsedBundle = {
  /** Asks for an update in place; undefined: a new pack. */
  readonly packGuid: string | undefined;
  /** Every key of the bundle but the sources: unknown ones are kept. */
  readonly manifest: JsonObject;
  readonly files: readonly StoredFile[];
  readonly skipped: readonly SkippedFile[];
};

/** `languages` are the file name endings that the host can run. */
export type BundleRules = { readonly limits: Limits; readonly languages: ReadonlySet<string> };

/** Keys that only the host writes into a manifest; a bundle's own are dropped. */
const HOST_KEYS = ['token_sha256', 'agents'];

/**
 * Parses a bundle.
 *
 * @throws PypesError `invalid_request`, `unsupported_schema`, `digest_mismatch`, `too_large`
 */
export async function parseBundle(bundle: Json, rules: BundleRules): Promise<ParsedBundle> {
  if (!isJsonObject(bundle)) throw new PypesError('invalid_request', 'A bundle is a JSON object; see pack/1.0');
  const { schema, agents } = bundle;
  if (schema !== PACK_SCHEMA_ID && schema !== SWARM_SCHEMA_ID) {
    const got = schema === undefined ? 'no schema' : `the schema ${JSON.stringify(schema).slice(0, 80)}`;
    throw new PypesError('unsupported_schema', `The bundle has ${got}, it has to be "${PACK_SCHEMA_ID}"`);
  }
  if (!Array.isArray(agents)) throw new PypesError('invalid_request', 'The bundle has no list "agents"');
  checkTexts(bundle);
  const files = new Map<string, StoredFile & { entry: JsonObject }>();
  const skipped: SkippedFile[] = [];
  for (const agent of agents as readonly Json[]) await readFile(agent, rules, files, skipped);
  return {
    packGuid: toGuid(bundle.pack_guid),
    manifest: manifestOf(bundle, [...files.values()]),
    files: [...files.values()].map(({ filename, bytes }) => ({ filename, bytes })),
    skipped,
  };
}

function checkTexts(bundle: JsonObject): void {
  for (const key of ['name', 'purpose', 'soul', 'created_at', 'created_by']) {
    const value = bundle[key];
    if (value === undefined || value === null || typeof value === 'string') continue;
    throw new PypesError('invalid_request', `The bundle's "${key}" has to be a text`);
  }
  if (bundle.sealed !== undefined && typeof bundle.sealed !== 'boolean') {
    throw new PypesError('invalid_request', `The bundle's "sealed" has to be true or false`);
  }
  parsePermissions(bundle.permissions, "The bundle's permissions");
}

function manifestOf(bundle: JsonObject, files: readonly { filename: string; entry: JsonObject }[]): JsonObject {
  const kept = Object.entries(bundle).filter(([key]) => !HOST_KEYS.includes(key));
  const agents = files.map(({ entry }) => {
    const { source: _source, source_base64: _base64, ...rest } = entry;
    return rest;
  });
  return { ...Object.fromEntries(kept), schema: PACK_SCHEMA_ID, agents };
}

async function readFile(
  agent: Json,
  rules: BundleRules,
  files: Map<string, StoredFile & { entry: JsonObject }>,
  skipped: SkippedFile[],
): Promise<void> {
  if (!isJsonObject(agent)) throw new PypesError('invalid_request', 'Each of the bundle\'s "agents" is an object');
  const asked = typeof agent.filename === 'string' ? agent.filename : '';
  const filename = basename(asked);
  const reason = reasonToSkip(asked, filename, agent, rules.languages);
  if (reason !== undefined) {
    skipped.push({ filename: asked, reason });
    return;
  }
  const bytes = bytesOf(agent, filename);
  const most = filename.endsWith('.wasm') ? rules.limits.componentBytes : rules.limits.fileBytes;
  if (bytes.length > most) {
    throw new PypesError('too_large', `The file "${filename}" has ${bytes.length} bytes, at most ${most} are let in`);
  }
  const sha256 = await digestOf(bytes);
  checkDigest(agent.sha256, sha256, filename);
  if (files.has(filename)) skipped.push({ filename, reason: 'A later file of the bundle has the same name' });
  files.set(filename, { filename, bytes, entry: { ...agent, filename, sha256 } });
}

/** Files are known by their last part alone, whichever system wrote the path. */
function basename(path: string): string {
  return path.split(/[/\\]/).at(-1)?.trim() ?? '';
}

const LONGEST_FILENAME = 200;

function reasonToSkip(
  asked: string,
  filename: string,
  agent: JsonObject,
  languages: ReadonlySet<string>,
): string | undefined {
  if (filename === '') return asked === '' ? 'The file has no name' : 'The path names no file';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (filename.startsWith('.') || /[\u0000-\u001f\u007f:*?"<>|]/.test(filename)) return 'The file name is not safe';
  if (filename.length > LONGEST_FILENAME) return `The file name has more than ${LONGEST_FILENAME} characters`;
  const dot = filename.lastIndexOf('.');
  const ending = dot < 0 ? '' : filename.slice(dot).toLowerCase();
  if (!languages.has(ending))
    return `No runtime of this host runs ${ending === '' ? 'files without an ending' : `${ending} files`}`;
  const hasSource = typeof agent.source === 'string' && agent.source.trim() !== '';
  const hasBytes = typeof agent.source_base64 === 'string' && agent.source_base64 !== '';
  return hasSource || hasBytes ? undefined : 'The file is blank';
}

function bytesOf(agent: JsonObject, filename: string): Uint8Array {
  if (typeof agent.source_base64 !== 'string' || agent.source_base64 === '') {
    return new TextEncoder().encode(String(agent.source));
  }
  const bytes = decodeBase64(agent.source_base64);
  if (bytes === undefined) {
    throw new PypesError('invalid_request', `The "source_base64" of "${filename}" is no base64 text`);
  }
  return bytes;
}

async function digestOf(bytes: Uint8Array): Promise<string> {
  return bytesToHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)));
}

function checkDigest(wanted: Json | undefined, actual: string, filename: string): void {
  if (wanted === undefined || wanted === null || wanted === '') return;
  if (
    typeof wanted === 'string' &&
    wanted
      .trim()
      .toLowerCase()
      .replace(/^sha256:/, '') === actual
  )
    return;
  throw new PypesError(
    'digest_mismatch',
    `The file "${filename}" has the SHA-256 ${actual}, the bundle says ${String(wanted).slice(0, 80)}`,
    {
      details: { filename, actual },
    },
  );
}
