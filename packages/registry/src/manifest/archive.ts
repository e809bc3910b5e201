// A skill as one file: a plain USTAR archive with nothing in it that could vary, so that equal skills have equal bytes.
//
// Tar because every system can list it without us, and needs no base64 for 12 MB of wasm. Fixed: sorted names, regular
// files only, mode 0644, owner 0, time 0, two empty blocks at the end. Reading accepts nothing but what writing makes
// (each header is compared byte by byte), so links, absolute paths, `..`, extensions and trailing data cannot occur.
import { fault } from '../faults.ts';
import { checkFiles, checkPath, SKILL_LIMITS, type SkillFiles } from './skill.ts';

const BLOCK = 512;
const END = Buffer.alloc(2 * BLOCK);

/** The most bytes that an archive within {@link SKILL_LIMITS} has. */
export const MOST_ARCHIVE_BYTES = SKILL_LIMITS.skillBytes + (2 * SKILL_LIMITS.files + 2) * BLOCK;

/**
 * Packs files; the order in the map does not matter.
 *
 * @throws PypesError with the reason `malformed` or `too_large` for paths, counts and sizes that no skill may have
 */
export function packArchive(files: SkillFiles): Buffer {
  checkFiles(files);
  const parts = [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([path, bytes]) => [toHeader(path, bytes.length), bytes, Buffer.alloc(toPadding(bytes.length))]);
  return Buffer.concat([...parts, END]);
}

/**
 * The files of an archive.
 *
 * @throws PypesError with the reason `malformed` or `too_large`
 */
export function openArchive(archive: Uint8Array): SkillFiles {
  if (archive.length > MOST_ARCHIVE_BYTES) {
    throw fault('too_large', `A skill's archive has at most ${MOST_ARCHIVE_BYTES} bytes, got ${archive.length}`);
  }
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
  const files = new Map<string, Uint8Array>();
  let last = '';
  let at = 0;
  while (bytes.length - at > END.length) {
    const { path, size } = readHeader(bytes.subarray(at, at + BLOCK));
    if (path <= last) throw malformed(`"${path}" stands twice or out of order`);
    if (files.size >= SKILL_LIMITS.files) throw fault('too_large', `A skill has at most ${SKILL_LIMITS.files} files`);
    const start = at + BLOCK;
    at = start + size + toPadding(size);
    if (at > bytes.length - END.length) throw malformed(`"${path}" is cut off`);
    if (bytes.subarray(start + size, at).some((byte) => byte !== 0))
      throw malformed(`"${path}" is followed by hidden bytes`);
    files.set(path, bytes.subarray(start, start + size));
    last = path;
  }
  if (!bytes.subarray(at).equals(END)) throw malformed('it does not end with two empty blocks');
  return files;
}

function readHeader(header: Buffer): { readonly path: string; readonly size: number } {
  const path = header.subarray(0, 100).toString('utf8').replace(/\0+$/, '');
  const size = Number.parseInt(header.subarray(124, 135).toString('latin1'), 8);
  checkPath(path);
  if (!Number.isSafeInteger(size) || size < 0) throw malformed(`"${path}" has no size`);
  if (size > SKILL_LIMITS.fileBytes)
    throw fault('too_large', `"${path}" has ${size} bytes; ${SKILL_LIMITS.fileBytes} are allowed`);
  if (!toHeader(path, size).equals(header)) throw malformed(`"${path}" is no plain file, or has a mode, owner or time`);
  return { path, size };
}

function toHeader(path: string, size: number): Buffer {
  const header = Buffer.alloc(BLOCK);
  const put = (at: number, text: string) => header.write(text, at, 'latin1');
  put(0, path);
  put(100, '0000644\0');
  put(108, '0000000\0');
  put(116, '0000000\0');
  put(124, `${size.toString(8).padStart(11, '0')}\0`);
  put(136, '00000000000\0');
  put(148, '        ');
  put(156, '0');
  put(257, 'ustar\x0000');
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, '0')}\0 `);
  return header;
}

function toPadding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

function malformed(what: string) {
  return fault('malformed', `The skill's archive is refused: ${what}; pack it with pypes publish`);
}
