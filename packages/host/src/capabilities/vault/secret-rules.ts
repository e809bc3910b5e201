// What a secret may be: its name, its type, its value. What could not be cut out of outputs later is refused at once.
import { isJsonObject, type Json, PypesError, type SealedSecret } from '@pypes/contract';

export type SecretType = SealedSecret['type'];

export const SECRET_TYPES = ['api_key', 'login', 'oauth', 'cookie', 'ssh'] as const satisfies readonly SecretType[];

/** Shorter values turn up in outputs by chance, so that they could not be cut out of them. */
export const LEAST_SECRET_BYTES = 6;
const MOST_SECRET_BYTES = 64 * 1024;

const NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;
const STRUCTURED: ReadonlySet<SecretType> = new Set<SecretType>(['login', 'oauth']);
const TELLING = /pass|secret|token|key|pin/i;
const encoder = new TextEncoder();

/** @throws PypesError `invalid_request` */
export function checkSecretName(name: string): void {
  if (NAME.test(name)) return;
  throw invalid(
    `"${name.slice(0, 80)}" is no name of a secret: a letter first, then letters, digits and _, at most 64 in all`,
  );
}

/** @throws PypesError `invalid_request`; the error never holds the value */
export function checkSecret(name: string, type: SecretType, value: string): void {
  checkSecretName(name);
  if (!SECRET_TYPES.includes(type))
    throw invalid(`"${type}" is no type of secret; there are ${SECRET_TYPES.join(', ')}`);
  if (!value.isWellFormed()) throw invalid(`The value of ${name} is no valid text; store bytes as base64`);
  const { length } = encoder.encode(value);
  if (length < LEAST_SECRET_BYTES) {
    throw invalid(
      `The value of ${name} has ${length} bytes, it needs at least ${LEAST_SECRET_BYTES}: a shorter one turns up in outputs by chance and could not be cut out of them safely`,
    );
  }
  if (length > MOST_SECRET_BYTES) {
    throw invalid(`The value of ${name} has ${length} bytes, at most ${MOST_SECRET_BYTES} are kept`);
  }
  if (STRUCTURED.has(type)) checkStructure(name, type, value);
}

function checkStructure(name: string, type: SecretType, value: string): void {
  const fields = parse(value);
  if (!isJsonObject(fields)) {
    throw invalid(`A secret of the type ${type} is a JSON object such as {"username": "ann", "password": "…"}`);
  }
  const texts = Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const short = texts.find(([key, text]) => TELLING.test(key) && encoder.encode(text).length < LEAST_SECRET_BYTES);
  if (short === undefined) return;
  throw invalid(
    `The field "${short[0]}" of ${name} has less than ${LEAST_SECRET_BYTES} bytes; it could not be cut out of outputs safely`,
  );
}

function parse(value: string): Json | undefined {
  try {
    return JSON.parse(value) as Json;
  } catch {
    return undefined;
  }
}

function invalid(message: string): PypesError {
  return new PypesError('invalid_request', message);
}
