// Addresses of digital coins by their own checksums.
import type { Range, Subject } from '../recognisers/recogniser.ts';
import { sha256 } from './sha256.ts';

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** Base58Check: 25 bytes, of which the last four begin the doubled SHA-256 of the others. */
export function isBase58Address({ text }: Subject, { start, end }: Range): boolean {
  let value = 0n;
  for (const character of text.slice(start, end)) value = value * 58n + BigInt(BASE58.indexOf(character));
  const bytes = new Uint8Array(25);
  for (let at = 24; at >= 0; at--, value >>= 8n) bytes[at] = Number(value & 0xffn);
  if (value !== 0n || (bytes[0] !== 0 && bytes[0] !== 5)) return false;
  const check = sha256(sha256(bytes.subarray(0, 21)));
  return check.slice(0, 4).every((byte, n) => byte === bytes[21 + n]);
}

const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const BECH32M = 0x2bc830a3;

/** Bech32 (BIP 173) or Bech32m (BIP 350) with the human-readable part `bc`. */
export function isBech32Address({ text }: Subject, { start, end }: Range): boolean {
  const address = text.slice(start, end);
  const lower = address.toLowerCase();
  if (address !== lower && address !== address.toUpperCase()) return false;
  const expanded = [3, 3, 0, 2, 3, ...[...lower.slice(3)].map((character) => BECH32.indexOf(character))];
  let check = 1;
  for (const value of expanded) {
    const top = check >>> 25;
    check = ((check & 0x1ff_ffff) << 5) ^ value;
    for (const [bit, generator] of GENERATORS.entries()) if ((top >> bit) & 1) check ^= generator;
  }
  return check === 1 || check === BECH32M;
}
