// Picks from a target's prelude the primitives that a text names, with those that they name in turn.
import { readFileSync } from 'node:fs';

type Part = { readonly name: string; readonly text: string; readonly uses: readonly string[] };

/** How a target's file falls into definitions: `start` matches the first line of each and captures its name. */
export type PreludeShape = { readonly file: string; readonly start: RegExp; readonly words: RegExp };

const parts = new Map<string, ReadonlyMap<string, Part>>();

/** The definitions that `text` needs, in the order of the prelude. */
export function pickPrelude(shape: PreludeShape, text: string): string {
  const known = readParts(shape);
  const needed = new Set<string>();
  const open = wordsOf(shape, text);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const part = known.get(name);
    if (part === undefined || needed.has(name)) continue;
    needed.add(name);
    open.push(...part.uses);
  }
  return [...known.values()]
    .filter((part) => needed.has(part.name))
    .map((part) => part.text)
    .join('\n');
}

function readParts(shape: PreludeShape): ReadonlyMap<string, Part> {
  const before = parts.get(shape.file);
  if (before !== undefined) return before;
  const made = new Map<string, Part>();
  let lines: string[] = [];
  let name: string | undefined;
  const close = (): void => {
    const text = `${lines.join('\n').trimEnd()}\n`;
    if (name !== undefined) made.set(name, { name, text, uses: wordsOf(shape, text) });
  };
  for (const line of readFileSync(new URL(shape.file, import.meta.url), 'utf8').split('\n')) {
    const found = shape.start.exec(line);
    // The comment above a definition is for readers of the prelude, not of what it is put into.
    if (/^(\/\*\*|\/\/|--|;|#)/.test(line)) continue;
    if (found !== null) {
      close();
      name = found[1];
      lines = [line.replace(/^export /, '')];
    } else lines.push(line);
  }
  close();
  parts.set(shape.file, made);
  return made;
}

function wordsOf({ words }: PreludeShape, text: string): string[] {
  return [...new Set(text.match(words) ?? [])];
}
