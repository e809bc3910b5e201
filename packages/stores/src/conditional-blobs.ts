// What packs and memory ask of a place for blobs: whole reads, and writes that happen only where nobody else has written.

/** A blob, as it is at one moment. */
export type FoundBlob = {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Another one after every write. */
  readonly etag: string;
  /** What the writer noted beside the bytes. */
  readonly note: string;
};

/** One blob of a list. `modified` is the place's own clock, in milliseconds. */
export type BlobEntry = { readonly key: string; readonly modified: number };

/** What has to be so for a write to happen: the blob is the one with this etag, or there is none. */
export type Condition = { readonly etag: string } | 'absent';

/** A bucket of S3, a container of Azure. Keys are relative to what the store was opened with. */
export interface ConditionalBlobs {
  get(key: string): Promise<FoundBlob | undefined>;
  /** Cheaper than {@link get}. */
  etagOf(key: string): Promise<string | undefined>;
  /**
   * Writes. The new etag, or `refused` where the condition did not hold: also where it held, the write was done, and
   * its answer was lost and asked for again. Whoever has to know looks at what is there.
   */
  put(
    key: string,
    blob: { readonly bytes: Uint8Array; readonly type: string; readonly note?: string },
    condition?: Condition,
  ): Promise<{ readonly etag: string } | 'refused'>;
  /** Deletes; with an etag, only that one. False where the condition did not hold. */
  delete(key: string, etag?: string): Promise<boolean>;
  list(prefix: string): Promise<readonly BlobEntry[]>;
  /** Names between the prefix and the next `/`. */
  folders(prefix: string): Promise<readonly string[]>;
}

/** Each, a few at a time, in their order. */
export async function mapSome<T, R>(items: readonly T[], most: number, map: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  const work = async () => {
    for (let index = next++; index < items.length; index = next++) results[index] = await map(items[index] as T);
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, work));
  return results;
}
