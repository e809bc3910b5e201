// The index of a user's objects, as it lies on the disk.
import { isJsonObject, type ObjectInfo } from '@pypes/contract';

/** Sorted by name. */
export type ObjectIndex = { readonly version: 1; readonly objects: readonly ObjectInfo[] };

/** @throws Error where it is no index */
export function parseObjectIndex(value: unknown): ObjectIndex {
  if (!isJsonObject(value) || value.version !== 1 || !Array.isArray(value.objects)) {
    throw new Error('it is no index of version 1');
  }
  for (const object of value.objects as readonly unknown[]) {
    if (!isJsonObject(object)) throw new Error('an entry is no object');
    const { name, content_type, size, digest, labels } = object;
    const isEntry = typeof name === 'string' && typeof content_type === 'string' && Number.isSafeInteger(size);
    if (!isEntry || !/^sha256:[0-9a-f]{64}$/.test(String(digest))) throw new Error('an entry is incomplete');
    if (labels !== undefined && !isJsonObject(labels)) throw new Error('the labels of an entry are none');
  }
  return value as unknown as ObjectIndex;
}
