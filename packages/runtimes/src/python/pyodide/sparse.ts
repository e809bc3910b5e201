// A snapshot without the pages that are zero, which a new WebAssembly memory has anyway: half of it.

/** How a snapshot lies in its bytes: first what Pyodide wrote about it, then piece after piece of the memory. */
export type Layout = {
  readonly head: number;
  /** Where in the memory each piece belongs, and how long it is. */
  readonly pieces: readonly (readonly [at: number, length: number])[];
};

const PAGE = 4096;
const ZEROS = Buffer.alloc(PAGE);

/** @param snapshot what Pyodide makes: a header whose second word says where the memory begins, then the memory */
export function toSparse(snapshot: Buffer): { readonly layout: Layout; readonly bytes: Buffer } {
  const head = snapshot.readUInt32LE(4);
  const memory = snapshot.subarray(head);
  const pieces: [number, number][] = [];
  for (let at = 0; at < memory.length; at += PAGE) {
    const page = memory.subarray(at, at + PAGE);
    if (page.equals(ZEROS.subarray(0, page.length))) continue;
    const last = pieces.at(-1);
    if (last !== undefined && last[0] + last[1] === at) last[1] += page.length;
    else pieces.push([at, page.length]);
  }
  const bytes = [snapshot.subarray(0, head), ...pieces.map(([at, length]) => memory.subarray(at, at + length))];
  return { layout: { head, pieces }, bytes: Buffer.concat(bytes) };
}
