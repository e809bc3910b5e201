// wasi:io: streams over bytes that are already here, and what can be waited for.

/** What a stream throws: the glue takes the payload of an error as the error of the WIT function. */
export function wasiError(payload: unknown): Error {
  return Object.assign(new Error('WASI'), { payload });
}

const CLOSED = { tag: 'closed' };
/** What a guest may write at once. */
const MOST_WRITE = 64 * 1024;

/** Something that is ready now, or when a promise resolves. */
export class Pollable {
  #isReady: boolean;
  #waiting: Promise<void> | undefined;
  readonly #until: () => Promise<unknown>;

  constructor(until?: () => Promise<unknown>) {
    this.#isReady = until === undefined;
    this.#until = until ?? (() => Promise.resolve());
  }

  ready(): boolean {
    return this.#isReady;
  }

  /** However often it is asked, it waits once. */
  async block(): Promise<void> {
    if (this.#isReady) return;
    this.#waiting ??= this.#until().then(() => {
      this.#isReady = true;
    });
    await this.#waiting;
  }
}

/** Bytes to read, in pieces as the reader likes. */
export class InputStream {
  #bytes: Uint8Array;

  constructor(bytes: Uint8Array = new Uint8Array()) {
    this.#bytes = bytes;
  }

  read(length: bigint): Uint8Array {
    if (this.#bytes.length === 0) throw wasiError(CLOSED);
    const size = Number(length < 0x100000n ? length : 0x100000n);
    const piece = this.#bytes.slice(0, size);
    this.#bytes = this.#bytes.subarray(size);
    return piece;
  }

  blockingRead(length: bigint): Uint8Array {
    return this.read(length);
  }

  skip(length: bigint): bigint {
    return BigInt(this.read(length).length);
  }

  blockingSkip(length: bigint): bigint {
    return this.skip(length);
  }

  subscribe(): Pollable {
    return new Pollable();
  }
}

/** Takes what is written, as it comes. */
export class OutputStream {
  readonly #take: (bytes: Uint8Array) => void;

  constructor(take: (bytes: Uint8Array) => void = () => {}) {
    this.#take = take;
  }

  checkWrite(): bigint {
    return BigInt(MOST_WRITE);
  }

  write(bytes: Uint8Array): void {
    this.#take(bytes);
  }

  blockingWriteAndFlush(bytes: Uint8Array): void {
    this.#take(bytes);
  }

  flush(): void {}

  blockingFlush(): void {}

  writeZeroes(length: bigint): void {
    this.#take(new Uint8Array(Number(length < BigInt(MOST_WRITE) ? length : BigInt(MOST_WRITE))));
  }

  blockingWriteZeroesAndFlush(length: bigint): void {
    this.writeZeroes(length);
  }

  splice(source: InputStream, length: bigint): bigint {
    const bytes = source.read(length);
    this.#take(bytes);
    return BigInt(bytes.length);
  }

  blockingSplice(source: InputStream, length: bigint): bigint {
    return this.splice(source, length);
  }

  subscribe(): Pollable {
    return new Pollable();
  }
}

class IoError {
  toDebugString(): string {
    return 'A stream failed';
  }
}

/** Waits until at least one is ready; gives the places of those that are. */
async function poll(list: readonly Pollable[]): Promise<Uint32Array> {
  if (list.length === 0) throw new Error('wasi:io/poll takes at least one pollable');
  if (!list.some((each) => each.ready())) await Promise.race(list.map((each) => each.block()));
  return Uint32Array.from(list.flatMap((each, index) => (each.ready() ? [index] : [])));
}

export function createIo() {
  return {
    interfaces: {
      'io/error': { Error: IoError },
      'io/poll': { Pollable, poll },
      'io/streams': { InputStream, OutputStream },
    },
  };
}
