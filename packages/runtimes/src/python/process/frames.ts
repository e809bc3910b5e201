// Frames between host and worker: four bytes of length, then JSON text; from the worker with a tag and flags before it.

/** What a worker says: R result, E failure, Q request, N notice, Y ready. */
export type Frame = { readonly tag: string; readonly flags: number; readonly text: string };

const HEADER = 4;
const LARGEST = 512 * 1024 * 1024;

/** Bytes, or a text whose characters are the bytes: what is ASCII is not copied before it is written. */
export type Bytes = Buffer | string;

/** A message as one piece, so that it leaves with one write; `more` is the text of a member that it has besides. */
export function encodeFrame(message: object, more?: string): Bytes {
  const plain = JSON.stringify(message);
  const text = more === undefined ? plain : `{${more},${plain.slice(1)}`;
  const size = Buffer.byteLength(text);
  if (size === text.length) {
    return String.fromCharCode(size & 0xff, (size >>> 8) & 0xff, (size >>> 16) & 0xff, size >>> 24) + text;
  }
  const frame = Buffer.allocUnsafe(HEADER + size);
  frame.writeUInt32LE(size, 0);
  frame.write(text, HEADER);
  return frame;
}

/** Frames as one piece. */
export function joinFrames(frames: readonly Bytes[]): Bytes {
  if (frames.length === 1) return frames[0] as Bytes;
  if (frames.every((frame) => typeof frame === 'string')) return frames.join('');
  return Buffer.concat(frames.map((frame) => (typeof frame === 'string' ? Buffer.from(frame, 'latin1') : frame)));
}

/** Cuts what arrives into frames; throws where that can be no frame. */
export function createFrameReader(onFrame: (frame: Frame) => void, largest = LARGEST): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let have = 0;
  let need = HEADER;
  return (chunk) => {
    parts.push(chunk);
    have += chunk.length;
    if (have < need) return;
    let data = parts.length === 1 ? chunk : Buffer.concat(parts, have);
    while (data.length >= HEADER) {
      const size = data.readUInt32LE(0);
      if (size < 2 || size > largest) throw new RangeError(`A frame of ${size} bytes cannot be`);
      if (data.length < HEADER + size) {
        need = HEADER + size;
        break;
      }
      // The worker writes ASCII only: latin1 is the fastest way to the same text.
      const text = data.toString('latin1', HEADER + 2, HEADER + size);
      const frame = { tag: String.fromCharCode(data[HEADER] as number), flags: data[HEADER + 1] as number, text };
      data = data.subarray(HEADER + size);
      need = HEADER;
      onFrame(frame);
    }
    parts = data.length === 0 ? [] : [data];
    have = data.length;
  };
}
