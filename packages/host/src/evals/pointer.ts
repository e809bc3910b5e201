// JSON pointers (RFC 6901): the part of an output that a scorer looks at.
import type { Json, JsonObject } from '@pypes/contract';

/** Whether a text is a pointer. */
export function isPointer(text: string): boolean {
  return /^(?:\/(?:[^~/]|~[01])*)*$/.test(text);
}

/**
 * What stands at a pointer; undefined where there is nothing.
 *
 * @example
 * valueAt({ a: [5] }, '/a/0'); // 5
 */
export function valueAt(value: Json, pointer: string): Json | undefined {
  let found: Json | undefined = value;
  for (const step of pointer.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof found !== 'object' || found === null) return undefined;
    if (Array.isArray(found))
      found = /^(?:0|[1-9]\d*)$/.test(key) ? (found as readonly Json[])[Number(key)] : undefined;
    else found = Object.hasOwn(found, key) ? (found as JsonObject)[key] : undefined;
  }
  return found;
}

/** One more step. */
export function pointTo(pointer: string, key: string | number): string {
  return `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
