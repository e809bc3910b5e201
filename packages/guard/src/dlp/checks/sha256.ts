// SHA-256 that answers at once: WebCrypto's answers later, and a check cannot wait.

/**
 * The digest of a short message (FIPS 180-4).
 *
 * @example
 * sha256(new Uint8Array()); // e3 b0 c4 42 …
 */
export function sha256(message: Uint8Array): Uint8Array {
  const padded = new Uint8Array((((message.length + 8) >> 6) + 1) << 6);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 4, message.length * 8);
  const hash = Uint32Array.from(START);
  for (let at = 0; at < padded.length; at += 64) addBlock(hash, view, at);
  const digest = new DataView(new ArrayBuffer(32));
  hash.forEach((word, n) => {
    digest.setUint32(n * 4, word);
  });
  return new Uint8Array(digest.buffer);
}

/** The first 32 bits of the fractional parts of roots of the first primes: square roots start, cube roots go round. */
const PRIMES = Array.from({ length: 312 }, (_, n) => n).filter(
  (n) => n > 1 && !Array.from({ length: 16 }, (_, d) => d + 2).some((d) => d < n && n % d === 0),
);
const fraction = (root: number) => Math.floor((root - Math.floor(root)) * 2 ** 32);
const START = PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
const ROUNDS = PRIMES.slice(0, 64).map((prime) => fraction(Math.cbrt(prime)));

function addBlock(hash: Uint32Array, view: DataView, at: number): void {
  const words = new Uint32Array(64);
  for (let n = 0; n < 64; n++) {
    if (n < 16) {
      words[n] = view.getUint32(at + n * 4);
      continue;
    }
    const early = words[n - 15] as number;
    const late = words[n - 2] as number;
    const s0 = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
    const s1 = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
    words[n] = (words[n - 16] as number) + s0 + (words[n - 7] as number) + s1;
  }
  let [a, b, c, d, e, f, g, h] = hash as unknown as [number, number, number, number, number, number, number, number];
  for (let n = 0; n < 64; n++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = h + s1 + ((e & f) ^ (~e & g)) + (ROUNDS[n] as number) + (words[n] as number);
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
  }
  for (const [n, word] of [a, b, c, d, e, f, g, h].entries()) hash[n] = (hash[n] as number) + word;
}

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}
