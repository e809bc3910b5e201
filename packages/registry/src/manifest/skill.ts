// A skill in memory: its manifest and its files, checked against each other.

import { type Digest, toDigest } from '../encoding/digest.ts';
import { fault } from '../faults.ts';
import { COMPONENT_FILE, INTERFACE_FILE, MANIFEST_FILE, type SkillManifest, toChecksumFile } from './manifest.ts';
import { parseManifest } from './parse-manifest.ts';

/** Files by their path with forward slashes. */
export type SkillFiles = ReadonlyMap<string, Uint8Array>;

/** A skill whose manifest is valid and whose checksums hold. */
export type Skill = { readonly manifest: SkillManifest; readonly files: SkillFiles };

/** `known`: the same bytes, under the digest of the whole, have passed the check before. */
export type Checksums = 'check' | 'known';

export const SKILL_LIMITS = {
  files: 256,
  fileBytes: 32 * 1024 * 1024,
  skillBytes: 64 * 1024 * 1024,
  pathBytes: 100,
} as const;

const SEGMENT = /^[A-Za-z0-9_][A-Za-z0-9._ @+-]*$/;

/**
 * Makes a skill of files.
 *
 * @throws PypesError with the reason `malformed` or `too_large`, or `tampered` where a checksum does not hold
 */
export function toSkill(files: SkillFiles, checksums: Checksums = 'check'): Skill {
  checkFiles(files);
  const text = files.get(MANIFEST_FILE);
  if (text === undefined) throw fault('malformed', `The skill has no ${MANIFEST_FILE}`);
  const manifest = parseManifest(toText(text));
  const content = [...files.keys()].filter((path) => path !== MANIFEST_FILE && path !== INTERFACE_FILE);
  if (content.length === 0) throw fault('malformed', `The skill has neither ${COMPONENT_FILE} nor an agent file`);
  for (const [key, path] of [
    ['component', COMPONENT_FILE],
    ['interface', INTERFACE_FILE],
  ] as const) {
    const bytes = files.get(path);
    if (bytes === undefined || manifest.checksums[key] !== undefined) continue;
    throw fault('malformed', `[checksums] lacks ${key}; write ${key} = "${toDigest(bytes)}"`, {
      path: `checksums.${key}`,
    });
  }
  for (const [key, wanted] of checksums === 'known' ? [] : Object.entries(manifest.checksums))
    checkSum(key, wanted, files);
  return { manifest, files };
}

/** Refuses paths, counts and sizes that no skill may have, and paths that one file system takes for the same. */
export function checkFiles(files: SkillFiles): void {
  if (files.size > SKILL_LIMITS.files) {
    throw fault('too_large', `A skill has at most ${SKILL_LIMITS.files} files, got ${files.size}`);
  }
  const seen = new Set<string>();
  let total = 0;
  for (const [path, bytes] of files) {
    checkPath(path);
    const folded = path.toLowerCase();
    if (seen.has(folded)) throw fault('malformed', `Two files of the skill are called "${path}", case aside`);
    seen.add(folded);
    total += bytes.length;
    if (bytes.length > SKILL_LIMITS.fileBytes || total > SKILL_LIMITS.skillBytes) {
      throw fault('too_large', `"${path}" makes the skill larger than allowed`, { ...SKILL_LIMITS });
    }
  }
}

/** Refuses what could lead out of a folder or means different files on different systems. */
export function checkPath(path: string): void {
  const segments = path.split('/');
  if (
    Buffer.byteLength(path) <= SKILL_LIMITS.pathBytes &&
    segments.every((part) => SEGMENT.test(part) && !/[. ]$/.test(part))
  )
    return;
  throw fault(
    'malformed',
    `"${path.slice(0, 200)}" is no path for a skill's file; it takes letters, digits and ._-@+ between slashes, relative, at most ${SKILL_LIMITS.pathBytes} bytes`,
  );
}

function checkSum(key: string, wanted: Digest, files: SkillFiles): void {
  const path = toChecksumFile(key);
  const bytes = files.get(path);
  if (bytes === undefined) throw fault('malformed', `[checksums] names ${key}, and the skill has no "${path}"`);
  const got = toDigest(bytes);
  if (got === wanted) return;
  throw fault(
    'tampered',
    `"${path}" has the digest ${got}, and the manifest says ${wanted}; it was changed after that, or the manifest was not updated`,
    {
      path: `checksums.${key}`,
      wanted,
      got,
    },
  );
}

function toText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw fault('malformed', `${MANIFEST_FILE} is no UTF-8 text`, {}, cause);
  }
}
