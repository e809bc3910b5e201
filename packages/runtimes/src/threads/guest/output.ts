// Writes a result as JSON text; what JSON would lose silently is refused with its type and path.
import { OutputError } from './failure.ts';

/** Deeper results are refused: no reader of them should need a deep stack. */
const DEEPEST = 1_000;

/**
 * The JSON text of a value: undefined is null, a bigint a number where that is exact and else its digits as a text
 * (spec 4), `toJSON` is honoured.
 *
 * @throws OutputError `invalid_output`
 */
export function toOutput(value: unknown): string {
  if (isPlain(value, 0)) return JSON.stringify(value);
  return JSON.stringify(toPlain(value, 'the result', 0));
}

const { getPrototypeOf } = Object;
const { isArray } = Array;
const { isFinite: isExact } = Number;

/** Whether JSON.stringify keeps all of the value. The common case, decided without building anything. */
function isPlain(value: unknown, depth: number): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true;
  if (typeof value === 'number') return isExact(value);
  if (typeof value !== 'object' || depth > DEEPEST) return false;
  if (isArray(value)) {
    for (let index = 0; index < value.length; index++) if (!isPlain(value[index], depth + 1)) return false;
    return true;
  }
  const prototype: unknown = getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  for (const key in value) {
    if (!isPlain((value as { readonly [key: string]: unknown })[key], depth + 1)) return false;
  }
  return !('toJSON' in value);
}

function toPlain(value: unknown, path: string, depth: number): unknown {
  if (depth > DEEPEST) throw refuse(`${shorten(path)} is nested deeper than ${DEEPEST} levels, or contains itself`);
  switch (typeof value) {
    case 'undefined':
      return null;
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (Number.isFinite(value)) return value;
      throw refuse(`${path} is ${value}, JSON has only finite numbers`);
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    case 'object':
      return value === null ? null : toPlainObject(value, path, depth);
    default:
      throw refuse(`${path} is a ${typeof value}, which is no JSON value`);
  }
}

function toPlainObject(value: object, path: string, depth: number): unknown {
  if (Array.isArray(value)) return Array.from(value, (item, index) => toPlain(item, `${path}[${index}]`, depth + 1));
  const { toJSON } = value as { readonly toJSON?: unknown };
  if (typeof toJSON === 'function') return toPlain(toJSON.call(value, ''), path, depth + 1);
  const type = findLossyType(value);
  if (type !== undefined) throw refuse(`${path} is a ${type}, which is no JSON value${HINTS[type] ?? ''}`);
  const plain: { [key: string]: unknown } = {};
  for (const key of Object.keys(value)) {
    const item = (value as { readonly [key: string]: unknown })[key];
    if (item !== undefined) define(plain, key, toPlain(item, toPath(path, key), depth + 1));
  }
  return plain;
}

const HINTS: { readonly [type: string]: string } = {
  Map: '; return Object.fromEntries(map)',
  Set: '; return [...set]',
  Promise: '; an await is missing',
};

function findLossyType(value: object): string | undefined {
  if (ArrayBuffer.isView(value)) return value.constructor.name;
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  return LOSSY.has(tag) ? tag : undefined;
}

const LOSSY = new Set([
  'Map',
  'Set',
  'WeakMap',
  'WeakSet',
  'WeakRef',
  'Promise',
  'RegExp',
  'Error',
  'ArrayBuffer',
  'Generator',
  'AsyncGenerator',
]);

/** Also for the key "__proto__". */
function define(object: { [key: string]: unknown }, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(object, key, { value, enumerable: true });
  else object[key] = value;
}

function toPath(path: string, key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}

function shorten(path: string): string {
  return path.length <= 120 ? path : `${path.slice(0, 120)}…`;
}

function refuse(message: string): OutputError {
  return new OutputError('invalid_output', `${message.charAt(0).toUpperCase()}${message.slice(1)}`);
}
