// Which key an object has: readable for people, and no name of a tenant or a run reaches into another one's.
import { PypesError } from '@pypes/contract';
import type { RunRef } from '@pypes/contract/runs';
import { checkArtifactPath } from '../artifact-rules.ts';

/** What S3 takes, in bytes. */
const LONGEST_KEY = 1_024;

/** What a list cannot say, which is XML, and what stands for it. */
const UNSAFE = /[%\ufffe\uffff]/g;
const SAFE = /%(25|FFF[EF])/g;

/** `<prefix>t-<tenant>/r-<run>/`: both in letters that cannot be a slash, so that each is one part, and ends where it ends. */
export function folderOf(prefix: string, { tenant, run_id }: RunRef): string {
  return `${prefix}t-${encode(tenant)}/r-${encode(run_id)}/`;
}

/** @throws PypesError `invalid_request` for a path that is none, and for a key that S3 would refuse */
export function keyOf(folder: string, path: string): string {
  checkArtifactPath(path);
  const key = folder + path.replace(UNSAFE, (character) => `%${hex(character.charCodeAt(0))}`);
  const bytes = new TextEncoder().encode(key).length;
  if (bytes <= LONGEST_KEY) return key;
  throw new PypesError(
    'invalid_request',
    `"${path.slice(0, 100)}" is ${bytes - LONGEST_KEY} bytes too long: S3 takes keys of at most ${LONGEST_KEY}`,
  );
}

/** The path of a key that {@link keyOf} made. */
export function pathOf(folder: string, key: string): string {
  return key.slice(folder.length).replace(SAFE, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** The key, or undefined where no file can have it. */
export function findKey(folder: string, path: string): string | undefined {
  try {
    return keyOf(folder, path);
  } catch {
    return undefined;
  }
}

/** Whatever it is, as letters, digits, `_`, `-`, `.` and `%`; half a character becomes `%` and its number. */
function encode(name: string): string {
  return name.replace(/[^\w.-]/gu, (character) =>
    character.isWellFormed()
      ? [...new TextEncoder().encode(character)].map((byte) => `%${hex(byte)}`).join('')
      : `%u${hex(character.charCodeAt(0))}`,
  );
}

function hex(number: number): string {
  return number.toString(16).toUpperCase().padStart(2, '0');
}
