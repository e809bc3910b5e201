// A WebAssembly module with few of its exports: V8 and Pyodide do something for each of them at every start.

const EXPORTS = 7;
const HEADER = 8;

/** The module with the exports that `isNeeded` names. Everything else stays as it is. */
export function withExports(wasm: Uint8Array, isNeeded: (name: string) => boolean): Buffer<ArrayBuffer> {
  const sections: Uint8Array[] = [wasm.subarray(0, HEADER)];
  for (let at = HEADER; at < wasm.length; ) {
    const [size, body] = readNumber(wasm, at + 1);
    const end = body + size;
    if (wasm[at] === EXPORTS) {
      const content = toExports(wasm, body, isNeeded);
      sections.push(Uint8Array.of(EXPORTS, ...toNumber(content.length)), content);
    } else {
      sections.push(wasm.subarray(at, end));
    }
    at = end;
  }
  return Buffer.concat(sections);
}

function toExports(wasm: Uint8Array, body: number, isNeeded: (name: string) => boolean): Buffer {
  const kept: Uint8Array[] = [];
  let [count, at] = readNumber(wasm, body);
  for (; count > 0; count--) {
    const [length, name] = readNumber(wasm, at);
    // One byte for the kind, then the index.
    const [, end] = readNumber(wasm, name + length + 1);
    if (isNeeded(Buffer.from(wasm.subarray(name, name + length)).toString('utf8'))) kept.push(wasm.subarray(at, end));
    at = end;
  }
  return Buffer.concat([Uint8Array.from(toNumber(kept.length)), ...kept]);
}

/** An unsigned LEB128 number, and where it ends. */
function readNumber(bytes: Uint8Array, at: number): [value: number, end: number] {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    if (byte === undefined) throw new Error('The WebAssembly module ends too early');
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return [value, at];
  }
}

function toNumber(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...toNumber(Math.floor(value / 0x80))];
}
