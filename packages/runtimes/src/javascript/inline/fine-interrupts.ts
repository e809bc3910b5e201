// QuickJS that asks a hundred times as often whether to stop: for isolates in which nothing else can stop it.

/** `context.interrupt_counter = 10_000` in the compiled module: i32.const 10000, i32.store at 288. */
const COARSE = [0x41, 0x90, 0xce, 0x00, 0x36, 0x02, 0xa0, 0x02] as const;
/** The same with 100, of the same length. */
const FINE = [0x41, 0xe4, 0x80, 0x00] as const;

/**
 * The module's bytes with a shorter way from one question to the next: 100 loops or calls, where it has 10,000. What a
 * program does inside one of them cannot be stopped, and may take milliseconds.
 *
 * @throws Error where the bytes are those of another build
 * @example
 * writeFileSync('quickjs.wasm', withFineInterrupts(readFileSync(path)));
 */
export function withFineInterrupts(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const places = findAll(bytes, COARSE);
  const [place] = places;
  if (place === undefined || places.length > 1) {
    throw new Error(
      `QuickJS was built in another way: its counter of interrupts is in ${places.length} places, not in 1`,
    );
  }
  const fine = new Uint8Array(bytes);
  fine.set(FINE, place);
  return fine;
}

function findAll(bytes: Uint8Array, sought: readonly number[]): number[] {
  const places: number[] = [];
  const [first = 0] = sought;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (sought.every((byte, index) => bytes[at + index] === byte)) places.push(at);
  }
  return places;
}
