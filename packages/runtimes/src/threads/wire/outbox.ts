// The outbox: a ring in shared memory for what a thread tells the host, so that nothing said before an endless loop is lost.
import type { MessagePort } from 'node:worker_threads';

/** Receives one record. */
export type OnRecord = (kind: number, id: number, text: string) => void;

const WRITE = 0;
const READ = 1;
/** How many records were posted as messages because the ring was full, and how many of them the host has handled. */
const POSTED = 2;
const HANDLED = 3;
/** 1 from the thread's ring of the bell until the host empties the box. */
const BELL = 4;
const CONTROL_BYTES = 8 * Int32Array.BYTES_PER_ELEMENT;
const HEADER_BYTES = 3 * Int32Array.BYTES_PER_ELEMENT;
const SKIP = -1;
const RING_BYTES = 128 * 1024;
const LONGEST_CHARACTER = 3;

type Ring = { readonly control: Int32Array; readonly words: Int32Array; readonly bytes: Buffer; readonly size: number };

export function createOutbox(bytes: number = RING_BYTES): SharedArrayBuffer {
  return new SharedArrayBuffer(CONTROL_BYTES + bytes);
}

/**
 * The thread's side. A record that does not fit is posted as a message instead, and so are those after it until the
 * host has handled that message: the order is kept.
 */
export function createOutboxWriter(memory: SharedArrayBuffer, port: Pick<MessagePort, 'postMessage'>) {
  const ring = openRing(memory);
  const { control } = ring;
  return {
    write(kind: number, id: number, text: string): void {
      if (control[POSTED] === Atomics.load(control, HANDLED) && writeRecord(ring, kind, id, text)) return;
      control[POSTED] = (control[POSTED] as number) + 1;
      port.postMessage([kind, id, text]);
    },
    /** Tells the host that there is something to read; once is enough until it has read. */
    ring(): void {
      if (Atomics.exchange(control, BELL, 1) === 0) port.postMessage(null);
    },
  };
}

/** The host's side: hand every message of the thread to `receive`; `drain` reads what is there without one. */
export function createOutboxReader(memory: SharedArrayBuffer, onRecord: OnRecord) {
  const ring = openRing(memory);
  const drain = (): void => {
    Atomics.store(ring.control, BELL, 0);
    readRecords(ring, onRecord);
  };
  return {
    drain,
    receive(message: readonly [number, number, string] | null): void {
      drain();
      if (message === null) return;
      Atomics.add(ring.control, HANDLED, 1);
      onRecord(...message);
    },
  };
}

function openRing(memory: SharedArrayBuffer): Ring {
  const size = memory.byteLength - CONTROL_BYTES;
  return {
    control: new Int32Array(memory, 0, CONTROL_BYTES / Int32Array.BYTES_PER_ELEMENT),
    words: new Int32Array(memory, CONTROL_BYTES),
    bytes: Buffer.from(memory, CONTROL_BYTES),
    size,
  };
}

function writeRecord(ring: Ring, kind: number, id: number, text: string): boolean {
  const start = findRoom(ring, HEADER_BYTES + toWords(text.length * LONGEST_CHARACTER));
  if (start === undefined) return false;
  const word = start / Int32Array.BYTES_PER_ELEMENT;
  const length = ring.bytes.write(text, start + HEADER_BYTES, 'utf8');
  ring.words[word] = kind;
  ring.words[word + 1] = id;
  ring.words[word + 2] = length;
  Atomics.store(ring.control, WRITE, start + HEADER_BYTES + toWords(length));
  return true;
}

/** Where a record of at most `need` bytes can begin; the write mark never catches up with the read mark. */
function findRoom(ring: Ring, need: number): number | undefined {
  const write = ring.control[WRITE] as number;
  const read = Atomics.load(ring.control, READ);
  if (write < read) return need < read - write ? write : undefined;
  if (need < ring.size - write) return write;
  if (need >= read) return undefined;
  ring.words[write / Int32Array.BYTES_PER_ELEMENT] = SKIP;
  return 0;
}

/** Reads from shared marks alone, so that `onRecord` may drain as well. */
function readRecords(ring: Ring, onRecord: OnRecord): void {
  for (let read = markOf(ring); read !== Atomics.load(ring.control, WRITE); read = markOf(ring)) {
    const word = read / Int32Array.BYTES_PER_ELEMENT;
    const kind = ring.words[word] as number;
    if (kind === SKIP) {
      Atomics.store(ring.control, READ, 0);
      continue;
    }
    const id = ring.words[word + 1] as number;
    const length = ring.words[word + 2] as number;
    const start = read + HEADER_BYTES;
    const text = ring.bytes.toString('utf8', start, start + length);
    Atomics.store(ring.control, READ, start + toWords(length));
    onRecord(kind, id, text);
  }
}

function markOf(ring: Ring): number {
  return ring.control[READ] as number;
}

function toWords(bytes: number): number {
  return (bytes + 3) & ~3;
}
