// Puts a module together again, from pieces that stay as they are and sections that are new.

import { joinBytes } from '../read/bytes.ts';
import { createWriter, type Writer } from './writer.ts';

export type Assembly = {
  /** Takes over a piece of the module as it is. */
  keep(from: number, end: number): void;
  add(id: number, content: readonly Uint8Array[]): void;
  join(): Uint8Array<ArrayBuffer>;
};

export function createAssembly(module: Uint8Array): Assembly {
  const parts: Uint8Array[] = [];
  // Pieces that lie side by side are one: a module may have a million of them.
  let keptFrom = 0;
  let keptEnd = 0;
  const flush = () => {
    if (keptEnd > keptFrom) parts.push(module.subarray(keptFrom, keptEnd));
  };
  return {
    keep(from, end) {
      if (from !== keptEnd) {
        flush();
        keptFrom = from;
      }
      keptEnd = end;
    },
    add(id, content) {
      flush();
      keptFrom = keptEnd;
      const size = content.reduce((sum, { length }) => sum + length, 0);
      const head = written((writer) => {
        writer.byte(id);
        writer.unsigned(size);
      });
      parts.push(head, ...content);
    },
    join() {
      flush();
      return joinBytes(parts);
    },
  };
}

export function written(write: (writer: Writer) => void): Uint8Array {
  const writer = createWriter(0);
  write(writer);
  return writer.written();
}
