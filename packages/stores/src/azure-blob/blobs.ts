// A container of Azure Blob Storage as a place for conditional writes.
import type { ContainerClient } from '@azure/storage-blob';
import type { BlobEntry, ConditionalBlobs } from '../conditional-blobs.ts';
import { azureError, isMissing, isRefusedCondition } from './errors.ts';

const NOTE = 'note';

export function createAzureBlobs(container: ContainerClient, prefix: string): ConditionalBlobs {
  const { containerName } = container;
  const at = (key: string) => container.getBlockBlobClient(prefix + key);

  /** `undefined` where there is no such blob. */
  async function find<T>(action: string, ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask();
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw azureError(action, error, containerName);
    }
  }

  return {
    async get(key) {
      return find(`read "${key}"`, async () => {
        const { readableStreamBody, etag = '', metadata } = await at(key).download();
        const chunks: Uint8Array[] = [];
        for await (const chunk of readableStreamBody ?? []) chunks.push(chunk as Uint8Array);
        return { bytes: new Uint8Array(Buffer.concat(chunks)), etag, note: metadata?.[NOTE] ?? '' };
      });
    },
    async etagOf(key) {
      return find(`look at "${key}"`, async () => (await at(key).getProperties()).etag ?? '');
    },
    async put(key, { bytes, type, note = '' }, condition) {
      try {
        const { etag = '' } = await at(key).upload(bytes, bytes.length, {
          blobHTTPHeaders: { blobContentType: type },
          ...(note === '' ? {} : { metadata: { [NOTE]: note } }),
          ...(condition === undefined
            ? {}
            : { conditions: condition === 'absent' ? { ifNoneMatch: '*' } : { ifMatch: condition.etag } }),
        });
        return { etag };
      } catch (error) {
        if (condition !== undefined && (isRefusedCondition(error) || isMissing(error))) return 'refused';
        throw azureError(`store "${key}"`, error, containerName);
      }
    },
    async delete(key, etag) {
      try {
        await at(key).delete(etag === undefined ? {} : { conditions: { ifMatch: etag } });
        return true;
      } catch (error) {
        if (isMissing(error)) return etag === undefined;
        if (etag !== undefined && isRefusedCondition(error)) return false;
        throw azureError(`delete "${key}"`, error, containerName);
      }
    },
    async list(wanted) {
      const entries: BlobEntry[] = [];
      try {
        for await (const { name, properties } of container.listBlobsFlat({ prefix: prefix + wanted }))
          entries.push({ key: name.slice(prefix.length), modified: properties.lastModified.getTime() });
      } catch (error) {
        throw azureError(`list "${wanted}"`, error, containerName);
      }
      return entries;
    },
    async folders(wanted) {
      const names: string[] = [];
      const begin = prefix.length + wanted.length;
      try {
        for await (const item of container.listBlobsByHierarchy('/', { prefix: prefix + wanted }))
          if (item.kind === 'prefix') names.push(item.name.slice(begin, -1));
      } catch (error) {
        throw azureError(`list "${wanted}"`, error, containerName);
      }
      return names;
    },
  };
}
