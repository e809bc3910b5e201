// When to send what is said piece by piece: as soon as possible, and together with what is said beside it.

/** Sendings that follow each other faster than this, in milliseconds, wait for the end of their turn. */
const PACE_MS = 0.1;

/**
 * A function that has `flush` run once for all who ask for it meanwhile: when the promises that are settled now have
 * been followed, so that what begins or ends together is sent together and waits for nothing else. Where one sending
 * chases the next, it runs at the end of the turn of Node's event loop.
 */
export function createSoon(flush: () => void): () => void {
  let isAsked = false;
  let last = Number.NEGATIVE_INFINITY;

  function run(): void {
    isAsked = false;
    flush();
    last = performance.now();
  }

  return () => {
    if (isAsked) return;
    isAsked = true;
    if (performance.now() - last < PACE_MS) setImmediate(run);
    else process.nextTick(run);
  };
}
