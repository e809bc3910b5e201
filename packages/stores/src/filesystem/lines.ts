// Lines of a file, one after another.
import { createReadStream } from 'node:fs';

/** Split at line feeds alone: other ends of lines, which readline knows, may stand in JSON texts. Empty ones are left out. */
export async function* readLines(path: string): AsyncGenerator<string> {
  let parts: string[] = [];
  for await (const chunk of createReadStream(path, 'utf8')) {
    const [first = '', ...others] = (chunk as string).split('\n');
    parts.push(first);
    for (const next of others) {
      const line = parts.join('');
      if (line !== '') yield line;
      parts = [next];
    }
  }
  const last = parts.join('');
  if (last !== '') yield last;
}
