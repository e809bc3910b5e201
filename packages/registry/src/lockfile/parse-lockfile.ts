// Parses a lockfile strictly: what cannot be read exactly is refused, since the file decides what runs.
import { isJsonObject, type Json, type JsonObject, parsePermissions, toPypesError } from '@pypes/contract';
import { parse, TomlError } from 'smol-toml';
import { isDigest } from '../encoding/digest.ts';
import { fault } from '../faults.ts';
import { isVersion } from '../manifest/names.ts';
import { EMPTY_LOCKFILE, LOCK_VERSION, type LockedSkill, type Lockfile } from './lockfile.ts';

const KEY_ID = /^[0-9a-f]{64}$/;
const SKILL_KEYS = ['source', 'name', 'version', 'digest', 'signers', 'permissions', 'policy'];

/** @throws PypesError `invalid_request`, reason `malformed`, saying where */
export function parseLockfile(text: string): Lockfile {
  const document = readDocument(text);
  if (document.lock_version !== LOCK_VERSION) {
    throw malformed(
      'lock_version',
      `it is ${JSON.stringify(document.lock_version)}, and this version of pypes writes ${LOCK_VERSION}; update pypes`,
    );
  }
  checkKeys(document, ['lock_version', 'registry', 'skill'], '');
  const list = document.skill ?? [];
  if (!Array.isArray(list)) throw malformed('skill', 'it is no list of tables');
  const skills = list.map((item: Json, index) => readSkill(item, `skill[${index}]`));
  const sources = new Set<string>();
  for (const { source } of skills) {
    if (sources.has(source))
      throw malformed('skill', `"${source}" stands twice; a merge went wrong, run pypes install again`);
    sources.add(source);
  }
  const registry = readRegistry(document.registry);
  return { ...EMPTY_LOCKFILE, ...(registry === undefined ? {} : { registry }), skills };
}

function readDocument(text: string): JsonObject {
  try {
    const document: unknown = parse(text, { unsafeKeyBehaviour: 'throw', maxDepth: 8 });
    return isJsonObject(document) ? document : {};
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const hint = /^[<=>]{7}/m.test(text) ? 'it has marks of a merge, resolve them' : error.message.split('\n')[0];
    throw fault('malformed', `pypes.lock is not readable at line ${error.line}: ${hint}`, { line: error.line }, error);
  }
}

function readRegistry(value: Json | undefined): Lockfile['registry'] {
  if (value === undefined) return undefined;
  const { url, root_version: rootVersion } = isJsonObject(value) ? value : {};
  if (typeof url === 'string' && Number.isSafeInteger(rootVersion) && Number(rootVersion) >= 1) {
    return { url, rootVersion: Number(rootVersion) };
  }
  throw malformed('registry', 'it takes url and root_version');
}

function readSkill(value: Json, where: string): LockedSkill {
  if (!isJsonObject(value)) throw malformed(where, 'it is no table');
  checkKeys(value, SKILL_KEYS, `${where}.`);
  const text = (key: string, fits: (item: string) => boolean, wanted: string): string => {
    const item = value[key];
    if (typeof item === 'string' && fits(item)) return item;
    throw malformed(`${where}.${key}`, `it takes ${wanted}, got ${JSON.stringify(item)?.slice(0, 80)}`);
  };
  const { digest, signers, policy } = value;
  if (!isDigest(digest)) throw malformed(`${where}.digest`, 'it takes sha256: and 64 hex digits');
  if (!Array.isArray(signers) || !signers.every((item) => typeof item === 'string' && KEY_ID.test(item))) {
    throw malformed(`${where}.signers`, 'it takes a list of key ids');
  }
  if (policy !== undefined && !isDigest(policy))
    throw malformed(`${where}.policy`, 'it takes sha256: and 64 hex digits');
  return {
    source: text('source', (item) => item !== '', 'a source'),
    ...(value.name === undefined ? {} : { name: text('name', (item) => item !== '', 'a name') }),
    ...(value.version === undefined ? {} : { version: text('version', isVersion, 'a version') }),
    digest,
    signers: signers as readonly string[],
    permissions: readPermissions(value.permissions, `${where}.permissions`),
    ...(policy === undefined ? {} : { policy }),
  };
}

function readPermissions(value: Json | undefined, where: string): LockedSkill['permissions'] {
  try {
    return parsePermissions(value, where);
  } catch (error) {
    throw malformed(where, toPypesError(error).message);
  }
}

function checkKeys(table: JsonObject, known: readonly string[], where: string): void {
  const unknown = Object.keys(table).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw malformed(`${where}${unknown}`, `there is no such key; there are ${known.join(', ')}`);
}

function malformed(where: string, what: string) {
  return fault('malformed', `pypes.lock: ${where}: ${what}`, { path: where });
}
