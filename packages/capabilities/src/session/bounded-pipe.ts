// The pipe over which a browser tells what happens in its pages. What is told there is as long as a page likes, and
// whoever reads it (playwright-core) makes one text of it: one too long for a text would end this process.
import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Readable } from 'node:stream';

/** A page of pictures and text is told in a fraction of it. */
const MOST_MESSAGE_BYTES = 32 * 1024 * 1024;
/** `--remote-debugging-pipe` writes to this descriptor; a zero byte ends each message. */
const TOLD = 4;
const CHANNEL = 'child_process';

/** Starts a browser at `path`; one that tells too much at once is ended, and with it its pages. */
export async function withBoundedPipe<T>(
  path: string,
  launch: () => Promise<T>,
  mostBytes = MOST_MESSAGE_BYTES,
): Promise<T> {
  const started: ChildProcess[] = [];
  const see = (message: unknown) => {
    started.push((message as { readonly process: ChildProcess }).process);
  };
  subscribe(CHANNEL, see);
  try {
    return await launch();
  } finally {
    unsubscribe(CHANNEL, see);
    for (const process of started) if (process.spawnfile === path) bound(process, mostBytes);
  }
}

function bound(process: ChildProcess, mostBytes: number): void {
  const pipe = process.stdio[TOLD];
  if (!(pipe instanceof Readable)) return;
  let bytes = 0;
  pipe.on('data', (chunk: Buffer) => {
    const end = chunk.lastIndexOf(0);
    bytes = end === -1 ? bytes + chunk.length : chunk.length - end - 1;
    if (bytes <= mostBytes) return;
    pipe.destroy();
    process.kill('SIGKILL');
  });
}
