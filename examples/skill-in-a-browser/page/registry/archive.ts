// Opens a skill's archive: the one plain form of USTAR that publishing writes, and nothing else.
import type { Bytes } from './bytes.ts';
import { Refused } from './refused.ts';

const BLOCK = 512;
const MOST_FILES = 256;
const PATH = /^[A-Za-z0-9_][A-Za-z0-9._ @+-]*(?:\/[A-Za-z0-9_][A-Za-z0-9._ @+-]*)*$/;

/** @throws Refused `malformed` */
export function openArchive(archive: Bytes): ReadonlyMap<string, Bytes> {
  const files = new Map<string, Bytes>();
  let last = '';
  let at = 0;
  while (archive.length - at > 2 * BLOCK) {
    const header = archive.subarray(at, at + BLOCK);
    const { path, size } = readHeader(header);
    if (path <= last) throw malformed(`"${path}" stands twice or out of order`);
    if (files.size >= MOST_FILES) throw malformed(`it has more than ${MOST_FILES} files`);
    const start = at + BLOCK;
    at = start + Math.ceil(size / BLOCK) * BLOCK;
    if (at > archive.length - 2 * BLOCK) throw malformed(`"${path}" is cut off`);
    if (!isZero(archive.subarray(start + size, at))) throw malformed(`"${path}" is followed by hidden bytes`);
    files.set(path, archive.slice(start, start + size));
    last = path;
  }
  if (archive.length - at !== 2 * BLOCK || !isZero(archive.subarray(at)))
    throw malformed('it does not end as it should');
  return files;
}

function readHeader(header: Bytes): { readonly path: string; readonly size: number } {
  const path = textOf(header, 0, 100).replace(/\0+$/, '');
  const size = Number.parseInt(textOf(header, 124, 11), 8);
  if (!PATH.test(path) || !Number.isSafeInteger(size) || size < 0)
    throw malformed('a file has no plain name or no size');
  const plain = toHeader(path, size);
  // Links, other owners, modes and times cannot occur: each header is the one that this name and size have.
  if (header.every((byte, index) => byte === plain[index])) return { path, size };
  throw malformed(`"${path}" is no plain file`);
}

function toHeader(path: string, size: number): Bytes {
  const header = new Uint8Array(BLOCK);
  const put = (at: number, text: string) => header.set(new TextEncoder().encode(text), at);
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

function textOf(bytes: Bytes, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

function isZero(bytes: Bytes): boolean {
  return bytes.every((byte) => byte === 0);
}

function malformed(what: string): Refused {
  return new Refused('malformed', `The skill's archive is refused: ${what}`);
}
