// A network that breaks connections at random places, the same ones for the same seed.

/** What broke so far. */
export type Broken = { streams: number; polls: number };

/** Numbers from 0 to 1 that follow from a seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** However bad a network is, now and then something gets through. */
const MOST_IN_A_ROW = 2;

/**
 * Breaks requests: some before they are sent, some after a few bytes of their answers, and streams in any case after
 * some thousand.
 */
export function createUnreliable(
  random: () => number,
  broken: Broken,
  isEnding: () => boolean,
): typeof globalThis.fetch {
  let inARow = 0;
  return async (input, init) => {
    if (isEnding()) return fetch(input, init);
    const what = new URL(String(input)).pathname.endsWith('/stream') ? 'streams' : 'polls';
    const isBad = inARow < MOST_IN_A_ROW && random() < 0.6;
    inARow = isBad ? inARow + 1 : 0;
    if (!isBad && what === 'polls') return fetch(input, init);
    if (isBad && random() < 0.1) {
      broken[what] += 1;
      throw new TypeError('The network is unreachable');
    }
    const cut = new AbortController();
    const signal = init?.signal == null ? cut.signal : AbortSignal.any([cut.signal, init.signal]);
    const response = await fetch(input, { ...init, signal });
    if (response.body === null) return response;
    const bytes = Math.floor(isBad ? random() * 600 : 2_000 + random() * 8_000);
    const onCut = () => {
      broken[what] += 1;
      cut.abort();
    };
    return new Response(cutAfter(response.body, bytes, onCut), response);
  };
}

/** The bytes up to there, then an error, as a socket that was closed gives. */
function cutAfter(body: ReadableStream<Uint8Array>, bytes: number, onCut: () => void): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let left = bytes;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        controller.enqueue(value.subarray(0, left));
        left -= value.length;
        if (left > 0) return;
        onCut();
        controller.error(new TypeError('The connection was closed'));
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
