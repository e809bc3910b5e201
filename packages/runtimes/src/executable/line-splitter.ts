// Cuts a stream of bytes into lines of text.
import { StringDecoder } from 'node:string_decoder';

/** A line longer than this is handed on in pieces, so that a program without line ends holds no memory. */
const LONGEST_PIECE = 64 * 1024;

export function createLineSplitter(onLine: (line: string) => void) {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return {
    write(chunk: Buffer): void {
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line.replace(/\r$/, ''));
      if (rest.length <= LONGEST_PIECE) return;
      onLine(rest);
      rest = '';
    },
    /** The last line, which may have no end. */
    end(): void {
      rest += decoder.end();
      if (rest !== '') onLine(rest);
      rest = '';
    },
  };
}
