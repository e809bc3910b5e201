// What every object store asks of an object's name, and how many objects it keeps for one user.
import { PypesError } from '@pypes/contract';

/** More would make each change of the index slow. */
export const MOST_OBJECTS = 10_000;
const LONGEST_NAME = 256;

/** @throws PypesError `invalid_input` */
export function checkObjectName(name: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (name !== '' && name.length <= LONGEST_NAME && !/[\u0000-\u001f\u007f-\u009f]/.test(name) && name.isWellFormed())
    return;
  throw new PypesError(
    'invalid_input',
    `${JSON.stringify(name.slice(0, 40))} is no name of an object: 1 to ${LONGEST_NAME} characters, no control characters`,
  );
}

/** @throws PypesError `resource_exhausted` where there is no room for one more */
export function checkObjectCount(count: number): void {
  if (count <= MOST_OBJECTS) return;
  throw new PypesError('resource_exhausted', `At most ${MOST_OBJECTS} objects of one user are kept; delete some`, {
    details: { limit: 'objects', maximum: MOST_OBJECTS },
  });
}

/** The part of `size` bytes that a range chooses: both ends within the bytes, none where it is empty. */
export function toRange(
  size: number,
  range: { readonly start?: number; readonly end?: number } = {},
): { readonly start: number; readonly end: number } {
  const start = Math.max(0, Math.min(range.start ?? 0, size));
  return { start, end: Math.max(start, Math.min(range.end ?? size, size)) };
}

/** `sha256:` and the hex digest. */
export async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return `sha256:${[...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
