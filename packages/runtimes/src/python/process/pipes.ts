// Named pipes that a worker and its host share: tickets of calls, and what is written to descriptors 1 and 2.
import { closeSync, constants, openSync, readSync, unlinkSync, writeSync } from 'node:fs';

/** Both ends of each pipe are open here: the host can read back what it wrote, and what a dead worker left. */
export type Pipes = {
  /** Each lets the worker start one call. */
  putTickets(tickets: Uint8Array): void;
  /** How many tickets the worker had not taken; it will not start their calls. */
  takeTickets(): number;
  /** What is there of the worker's output on descriptor 1 or 2; a piece is not used again. */
  readOutput(descriptor: 1 | 2, onChunk: (chunk: Buffer) => void): void;
  close(): void;
};

/** Made by `guest/pypes_worker/pipes.py`. */
const NAMES = ['tickets', '1', '2'];
const MOST_TICKETS = 256;
const CHUNK = 64 * 1024;

/** Undefined where the worker's pipes cannot be reached from here. */
export function openPipes(prefix: string): Pipes | undefined {
  const opened: number[] = [];
  const close = () => {
    for (const descriptor of opened.splice(0)) closeSync(descriptor);
  };
  try {
    const flags = constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOFOLLOW;
    for (const name of NAMES) {
      opened.push(openSync(`${prefix}.${name}`, flags));
      unlinkSync(`${prefix}.${name}`);
    }
  } catch {
    close();
    return undefined;
  }
  const [tickets, ...outputs] = opened as [number, number, number];
  return {
    putTickets(added) {
      writeSync(tickets, added);
    },
    takeTickets: () => readNow(tickets, Buffer.allocUnsafe(MOST_TICKETS)),
    readOutput(descriptor, onChunk) {
      for (;;) {
        const chunk = Buffer.allocUnsafe(CHUNK);
        const size = readNow(outputs[descriptor - 1] as number, chunk);
        if (size > 0) onChunk(chunk.subarray(0, size));
        if (size < CHUNK) return;
      }
    },
    close,
  };
}

/** How many bytes were there to be read. */
function readNow(descriptor: number, into: Buffer): number {
  try {
    return readSync(descriptor, into);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
    throw error;
  }
}
