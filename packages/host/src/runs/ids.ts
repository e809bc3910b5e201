// Ids of runs, which sort by time, and ids of traces, which nobody can guess.

/** Bytes from the platform's own source of randomness. */
export function randomBytes(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count));
}

/** Ids in the form of UUIDs of version 7: of two ids of one process, the later one is greater. */
export function createRunIds(now: () => number, random: (bytes: number) => Uint8Array): () => string {
  let time = 0;
  let counter = 0;
  return () => {
    const at = now();
    if (at > time) {
      time = at;
      counter = 0;
    } else {
      counter += 1;
      // A clock that stands still, or goes back: the counter goes on in the next millisecond.
      if (counter > MOST) {
        time += 1;
        counter = 0;
      }
    }
    const stamp = time.toString(16).padStart(12, '0');
    const tail = hexOf(random(8));
    const variant = ((Number.parseInt(tail.slice(0, 1), 16) & 0x3) | 0x8).toString(16);
    const count = counter.toString(16).padStart(3, '0');
    return `${stamp.slice(0, 8)}-${stamp.slice(8)}-7${count}-${variant}${tail.slice(1, 4)}-${tail.slice(4)}`;
  };
}

const MOST = 0xfff;

/** Ids of spans, from a few calls of `random`. */
export function createSpanIds(random: (bytes: number) => Uint8Array): () => string {
  let pool = '';
  let at = 0;
  return () => {
    if (at >= pool.length) {
      pool = hexOf(random(POOL));
      at = 0;
    }
    const id = pool.slice(at, at + SPAN);
    at += SPAN;
    // All zeros stand for no span (W3C).
    return /^0+$/.test(id) ? FIRST_SPAN : id;
  };
}

const SPAN = 16;
const POOL = 1024;
const FIRST_SPAN = '0000000000000001';

function hexOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}
