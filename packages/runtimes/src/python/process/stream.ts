// What arrives on descriptor 1 or 2 of a worker, as lines, up to the mark that ends one call's output.
import { StringDecoder } from 'node:string_decoder';

/** A longer line is handed on in pieces, so that output without line ends holds no memory. */
const LONGEST_PIECE = 64 * 1024;

export type OutputStream = {
  write(chunk: Buffer): void;
  /** Calls back once the mark has arrived. */
  awaitMark(then: () => void): void;
  /** Hands on the last line, which may have no end. */
  flush(): void;
};

export function createOutputStream(mark: string, onLine: (line: string) => void): OutputStream {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let marks = 0;
  let waiting: (() => void) | undefined;

  function take(text: string): void {
    const lines = text.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
    if (rest.length <= LONGEST_PIECE) return;
    onLine(rest.slice(0, -mark.length));
    rest = rest.slice(-mark.length);
  }

  function flush(): void {
    if (rest !== '') onLine(rest);
    rest = '';
  }

  function settle(): void {
    if (marks === 0 || waiting === undefined) return;
    marks--;
    const then = waiting;
    waiting = undefined;
    then();
  }

  return {
    write(chunk) {
      let text = rest + decoder.write(chunk);
      for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark)) {
        take(text.slice(0, at));
        flush();
        text = text.slice(at + mark.length);
        marks++;
        settle();
      }
      take(text);
    },
    awaitMark(then) {
      waiting = then;
      settle();
    },
    flush,
  };
}
