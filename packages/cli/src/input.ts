// What people type: JSON, key=value pairs, numbers.
import { isJsonObject, type Json, type JsonObject, type JsonSchema, PypesError } from '@pypes/contract';

/** A JSON object from the command line; `what` names it in the error. */
export function parseJsonObject(text: string, what: string): JsonObject {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PypesError('invalid_json', `${what} is no JSON (${reason}); write it as '{"key": "value"}'`);
  }
  if (!isJsonObject(value)) throw new PypesError('invalid_json', `${what} has to be a JSON object: '{"key": "value"}'`);
  return value;
}

/**
 * Arguments from `key=value` pairs. A value is JSON where it reads as such and the schema does not ask for a text.
 *
 * @example
 * parsePairs(['n=3', 'zip=0150'], { properties: { zip: { type: 'string' } } }); // { n: 3, zip: '0150' }
 */
export function parsePairs(pairs: readonly string[], schema: JsonSchema): JsonObject {
  return Object.fromEntries(
    pairs.map((pair) => {
      const cut = pair.indexOf('=');
      if (cut < 1) throw new PypesError('invalid_request', `"${pair}" is no key=value pair`);
      const key = pair.slice(0, cut);
      return [key, parseValue(pair.slice(cut + 1), typeOf(key, schema))];
    }),
  );
}

function typeOf(key: string, schema: JsonSchema): Json | undefined {
  const properties = schema.properties;
  const property = isJsonObject(properties) ? properties[key] : undefined;
  return isJsonObject(property) ? property.type : undefined;
}

function parseValue(text: string, type: Json | undefined): Json {
  if (type === 'string') return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** A whole number within bounds, from an option. */
export function parseWhole(text: string, option: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new PypesError('invalid_request', `${option} takes a whole number from ${least} to ${most}, got "${text}"`);
}

/** For options that may be given more than once. */
export function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

/** The address of a service. @throws PypesError `invalid_request` */
export function parseAddress(text: string, option: string): string {
  if (/^https?:\/\/[^/]/i.test(text) && URL.canParse(text)) return text;
  const example = 'http://127.0.0.1:7080';
  throw new PypesError('invalid_request', `${option} takes the address of a service, ${example} say, got "${text}"`);
}

/** All of standard input as text. */
export async function readStandardInput(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk;
  return text;
}
