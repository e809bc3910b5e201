// Bytes in the parameters and results of operations: `text` where they are UTF-8, else `base64`.
import { type Json, type JsonObject, PypesError } from '@pypes/contract';
import { decodeBase64, encodeBase64 } from '../packs/encoding.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The bytes of `{text}` or `{base64}`; undefined where there is neither. @throws PypesError `invalid_input` */
export function toBytes(operation: string, { text, base64 }: JsonObject): Uint8Array | undefined {
  if (isGiven(text) && isGiven(base64)) throw invalid(`${operation} takes text or base64, not both`);
  if (isGiven(text)) {
    if (typeof text !== 'string') throw invalid(`${operation} takes its text as a text, got ${shown(text)}`);
    return encoder.encode(text);
  }
  if (!isGiven(base64)) return undefined;
  const bytes = typeof base64 === 'string' ? decodeBase64(base64) : undefined;
  if (bytes === undefined) throw invalid(`${operation} takes base64, got ${shown(base64)}`);
  return bytes;
}

/** `{text}` where the bytes are UTF-8, else `{base64}`. */
export function toContent(bytes: Uint8Array): { readonly text: string } | { readonly base64: string } {
  try {
    return { text: decoder.decode(bytes) };
  } catch {
    return { base64: encodeBase64(bytes) };
  }
}

/** A parameter that has to be a text. @throws PypesError `invalid_input` */
export function textOf(operation: string, name: string, parameters: JsonObject): string {
  const value = parameters[name];
  if (typeof value === 'string' && value !== '') return value;
  throw invalid(`${operation} takes ${name}, a text, got ${shown(value)}`);
}

/** A parameter that may be left out or null. @throws PypesError `invalid_input` */
export function optionalText(operation: string, name: string, parameters: JsonObject): string | undefined {
  const value = parameters[name];
  if (!isGiven(value)) return undefined;
  if (typeof value === 'string') return value;
  throw invalid(`${operation} takes ${name} as a text, got ${shown(value)}`);
}

/** A parameter that is a whole number from 0, or left out. @throws PypesError `invalid_input` */
export function optionalCount(operation: string, name: string, parameters: JsonObject): number | undefined {
  const value = parameters[name];
  if (!isGiven(value)) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw invalid(`${operation} takes ${name} as a whole number from 0, got ${shown(value)}`);
}

function isGiven(value: Json | undefined): value is Exclude<Json, null> {
  return value !== undefined && value !== null;
}

export function invalid(message: string): PypesError {
  return new PypesError('invalid_input', message);
}

function shown(value: Json | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 80);
}
