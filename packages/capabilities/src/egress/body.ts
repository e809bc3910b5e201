// A response's body: read whole, counted before and after decompression, cut off where it is too much.
import { pipeline, type Readable, Transform } from 'node:stream';
import { PypesError } from '@pypes/contract';
import { decode } from './decode.ts';

/** By how many bytes compressed bytes may be more than what they say. */
const OVERHEAD = 65_536;

/**
 * The whole body.
 *
 * @param codings what it is compressed with, in the order applied
 * @throws PypesError `resource_exhausted` above `maximum` bytes; `unavailable` where it cannot be decompressed
 */
export async function readBody(body: Readable, codings: readonly string[], maximum: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    const received = pipeline(body, countingTo(maximum), () => undefined);
    for await (const chunk of decode(received, codings) as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > maximum) throw tooLarge(maximum);
      chunks.push(chunk);
    }
  } finally {
    body.destroy();
  }
  return Buffer.concat(chunks, size);
}

/** Bounds what comes in, so that a stream that decompresses to nothing ends too. */
function countingTo(maximum: number): Transform {
  const most = maximum + Math.ceil(maximum / 64) + OVERHEAD;
  let size = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > most) done(tooLarge(maximum));
      else done(null, chunk);
    },
  });
}

function tooLarge(maximum: number): PypesError {
  return new PypesError('resource_exhausted', `The answer has more than ${maximum} bytes`, {
    details: { limit: 'fetch_bytes', maximum },
  });
}
