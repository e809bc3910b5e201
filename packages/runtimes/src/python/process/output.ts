// What a worker writes to descriptors 1 and 2: which lines belong to the call in progress, and when all have come.
import type { ChildProcess } from 'node:child_process';
import type { Pipes } from './pipes.ts';
import { createOutputStream } from './stream.ts';

export type Output = {
  /** From now on the descriptors end in these pipes, which are read when the worker says so, or on `look`. */
  open(pipes: Pipes): void;
  /** Reads what is there, and tells whether there was something. Only where it can be of one call alone. */
  look(): boolean;
  /** Calls back when everything has come that was written before an answer with these flags. */
  drain(flags: number, then: () => void): void;
  /** Hands on last lines that have no end. */
  flush(): void;
  /** No more will come. */
  end(): void;
  /** An agent has put something else in the place of a stream. */
  isSpoiled(): boolean;
};

export type OutputEvents = {
  onLine(descriptor: 1 | 2, line: string): void;
  /** Whether so many bytes more may come. */
  onBytes(count: number): boolean;
};

const OUT_MARKED = 2;
const ERR_MARKED = 4;
/** How long a dead worker's pipes may still hold what it said. */
export const LAST_WORDS_MS = 250;

export function createOutput(child: ChildProcess, mark: string, { onLine, onBytes }: OutputEvents): Output {
  let pipes: Pipes | undefined;
  let isSpoiled = false;
  /** The answer has come, but not yet all output before it. */
  let lastStep: (() => void) | undefined;
  const streams = ([1, 2] as const).map((descriptor) => createOutputStream(mark, (line) => onLine(descriptor, line)));
  [child.stdout, child.stderr].forEach((socket, index) => {
    socket?.on('data', (chunk: Buffer) => take(index, chunk));
    socket?.on('close', () => {
      if (pipes === undefined) isSpoiled = true;
    });
  });

  function take(index: number, chunk: Buffer): void {
    if (onBytes(chunk.length)) streams[index]?.write(chunk);
  }

  function read(descriptor: 1 | 2): boolean {
    let isSomething = false;
    pipes?.readOutput(descriptor, (chunk) => {
      isSomething = true;
      take(descriptor - 1, chunk);
    });
    return isSomething;
  }

  /** One descriptor after the other; behind its mark is nothing yet, the worker waits for this. */
  function awaitMarks(flags: number, then: () => void): void {
    if (flags & OUT_MARKED) {
      streams[0]?.awaitMark(() => awaitMarks(flags & ~OUT_MARKED, then));
      read(1);
    } else if (flags & ERR_MARKED) {
      streams[1]?.awaitMark(then);
      read(2);
    } else {
      then();
    }
  }

  return {
    open(opened) {
      pipes = opened;
    },
    look() {
      const isSomething = read(1);
      return read(2) || isSomething;
    },
    drain(flags, then) {
      if ((flags & (OUT_MARKED | ERR_MARKED)) === 0) {
        then();
        return;
      }
      const timer = setTimeout(() => lastStep?.(), LAST_WORDS_MS);
      lastStep = () => {
        clearTimeout(timer);
        lastStep = undefined;
        then();
      };
      awaitMarks(flags, () => lastStep?.());
    },
    flush() {
      for (const stream of streams) stream.flush();
    },
    end() {
      read(1);
      read(2);
      lastStep?.();
    },
    isSpoiled: () => isSpoiled,
  };
}
