// Bytes in the parameters and results of file operations: `text` where they are UTF-8, else `base64`.
import { type Json, type JsonObject, PypesError } from '@pypes/contract';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @throws PypesError `invalid_input` */
export function toBytes({ text, base64 }: JsonObject): Uint8Array {
  if (typeof text === 'string' && isMissing(base64)) return Buffer.from(text, 'utf8');
  if (typeof base64 === 'string' && isMissing(text) && BASE64.test(base64)) return Buffer.from(base64, 'base64');
  throw new PypesError('invalid_input', 'session.write takes either text or base64');
}

export function toContent(bytes: Buffer): Json {
  try {
    return { text: decoder.decode(bytes) };
  } catch {
    return { base64: bytes.toString('base64') };
  }
}

function isMissing(value: Json | undefined): boolean {
  return value === undefined || value === null;
}
