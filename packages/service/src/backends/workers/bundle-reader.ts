// Bundles on their way through the front: how much of them may be in memory at once, and how long one may take to arrive.
import { type JsonObject, PypesError } from '@pypes/contract';
import { parseJsonObject, tooLarge } from '../../http/body.ts';

export type BundleReaderOptions = {
  /** Of one bundle. */
  readonly mostBytes: number;
  /** Of all that are on their way; default: twice as much. Whoever is the one too many is told to try again. */
  readonly mostBytesAtOnce?: number;
  /** For one to arrive; default: 120000. */
  readonly mostMs?: number;
};

/** Reads the bodies of deploys, also of those who turn out to have no right to: nothing can be known before. */
export interface BundleReader {
  /** Holds the bundle until `work` is done. @throws PypesError `too_large`, `rate_limited`, `timeout`, `invalid_json` */
  read<T>(request: Request, work: (bundle: JsonObject) => Promise<T>): Promise<T>;
}

const MOST_MS = 120_000;

export function createBundleReader({
  mostBytes,
  mostBytesAtOnce = 2 * mostBytes,
  mostMs = MOST_MS,
}: BundleReaderOptions): BundleReader {
  let held = 0;

  async function readAll(reader: ReadableStreamDefaultReader<Uint8Array>, take: (bytes: number) => void) {
    const decoder = new TextDecoder();
    for (let text = ''; ; ) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      take(value.length);
      text += decoder.decode(value, { stream: true });
    }
  }

  return {
    async read(request, work) {
      // What says how long it is, and is too long, is not begun with.
      if (Number(request.headers.get('content-length') ?? 0) > mostBytes) throw tooLarge(mostBytes);
      let own = 0;
      const take = (bytes: number) => {
        own += bytes;
        held += bytes;
        if (own > mostBytes) throw tooLarge(mostBytes);
        if (held > mostBytesAtOnce)
          throw new PypesError('rate_limited', 'Many large bundles arrive at this moment; try again in a moment');
      };
      const reader = request.body?.getReader();
      try {
        const text = reader === undefined ? '' : await within(mostMs, readAll(reader, take));
        return await work(parseJsonObject(text));
      } finally {
        held -= own;
        reader?.cancel().catch(() => undefined);
      }
    },
  };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new PypesError('timeout', `The bundle did not arrive within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
