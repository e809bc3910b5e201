// JSON values as TOML, on one line. Whatever a text holds, it stays a text.
import { isJsonObject, type Json } from '@pypes/contract';

const BARE = /^[A-Za-z0-9_-]+$/;

/**
 * A value, or undefined where it has a null in it, which TOML does not have.
 *
 * @example
 * toToml({ to: 'a"b' }); // '{ to = "a\\"b" }'
 */
export function toToml(value: Json): string | undefined {
  if (value === null) return undefined;
  if (typeof value === 'string') return toText(value);
  if (typeof value === 'number') return toNumber(value);
  if (typeof value === 'boolean') return String(value);
  if (isJsonObject(value)) {
    const entries = Object.entries(value).map(([key, item]) => {
      const text = toToml(item);
      return text === undefined ? undefined : `${toKey(key)} = ${text}`;
    });
    if (entries.includes(undefined)) return undefined;
    return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
  }
  const items = (value as readonly Json[]).map(toToml);
  return items.includes(undefined) ? undefined : `[${items.join(', ')}]`;
}

/** A key, quoted where it has to be. */
export function toKey(name: string): string {
  return BARE.test(name) ? name : toText(name);
}

function toText(text: string): string {
  // What cannot be seen is written out, so that a person reads what is there.
  return JSON.stringify(text.toWellFormed()).replace(/[\p{Cf}\u007f-\u009f\u2028\u2029]/gu, (letter) => {
    const code = (letter.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
  });
}

/** `1e21` is a number of TOML too; beyond 64 bits only as a float. */
function toNumber(value: number): string {
  if (Number.isSafeInteger(value)) return Object.is(value, -0) ? '-0.0' : String(value);
  const text = String(value);
  return /[.e]/.test(text) ? text.replace(/^(-?\d+)e/, '$1.0e') : `${text}.0`;
}
