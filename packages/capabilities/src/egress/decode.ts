// Decompression of a response: the codings that a request asks for, as streams, never more than a chunk ahead.
import { pipeline, Readable } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import { PypesError } from '@pypes/contract';

const KNOWN: ReadonlySet<string> = new Set(['gzip', 'x-gzip', 'deflate', 'br']);
/** More layers are nothing but an attack. */
const MOST_LAYERS = 2;
/** What was cut off at the end is the transfer's business, which knows lengths; browsers are as lenient. */
const LENIENT = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };
const LENIENT_BROTLI = { flush: constants.BROTLI_OPERATION_FLUSH, finishFlush: constants.BROTLI_OPERATION_FLUSH };

/**
 * The codings of a `content-encoding` in the order applied; none where one of them is unknown: then the bytes stay as
 * they are.
 *
 * @throws PypesError `unavailable` where there are too many
 */
export function codingsOf(header: string | undefined): readonly string[] {
  const codings = (header ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
  if (codings.length > MOST_LAYERS) {
    throw new PypesError('unavailable', `The answer is compressed ${codings.length} times over`);
  }
  return codings.every((coding) => KNOWN.has(coding)) ? codings : [];
}

/** The bytes before the codings were applied. @throws PypesError `unavailable` where they cannot be had */
export async function* decode(from: Readable, codings: readonly string[]): AsyncGenerator<Uint8Array> {
  try {
    yield* codings.reduceRight((inner, coding) => layer(inner, coding), from) as AsyncIterable<Uint8Array>;
  } catch (error) {
    if (!isDecoding(error)) throw error;
    throw new PypesError('unavailable', 'The answer cannot be decompressed', { cause: error });
  }
}

function layer(from: Readable, coding: string): Readable {
  if (coding === 'deflate') return Readable.from(inflated(from), { objectMode: false });
  return pipeline(from, coding === 'br' ? createBrotliDecompress(LENIENT_BROTLI) : createGunzip(LENIENT), ignore);
}

/** Servers mean two formats by `deflate`; the first byte tells which. */
async function* inflated(from: Readable): AsyncGenerator<Uint8Array> {
  const chunks: AsyncIterator<Uint8Array> & AsyncIterable<Uint8Array> = from[Symbol.asyncIterator]();
  const { value: first, done } = await chunks.next();
  if (done === true) return;
  const whole = async function* () {
    yield first;
    yield* chunks;
  };
  const wrapped = ((first[0] ?? 0) & 0x0f) === 0x08;
  yield* pipeline(
    Readable.from(whole(), { objectMode: false }),
    wrapped ? createInflate(LENIENT) : createInflateRaw(LENIENT),
    ignore,
  );
}

function isDecoding(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^(Z_|ERR__ERROR_|ERR_BROTLI|ERR_PADDING)/.test(code);
}

/** The last stream of a pipeline has the error too. */
function ignore(): void {}
