// Finds the line of a key in TOML text, since the parser keeps places for syntax errors only. The text is a stranger's,
// and every fault in it asks for its line: it is read once, in steps that only its length decides.

/** Linear: nothing that a repetition takes can be what comes after it. */
const PAIR = /^\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+))*)\s*=/;

/** A key by its parts; `line` where it stands first. */
type Place = { line?: number; readonly below: Map<string, Place> };

/**
 * Finds the line, from 1, where a dotted key stands, or the nearest table above it; undefined where there is none. It
 * reads line by line and may take a line inside a multi-line text for a key: it serves messages only.
 */
export function createFindLine(text: string): (path: string) => number | undefined {
  const root: Place = { below: new Map() };
  let table = root;
  for (const [index, line] of text.split('\n').entries()) {
    const header = headerOf(line);
    const key = header === undefined ? PAIR.exec(line)?.[1] : undefined;
    if (header !== undefined) table = placeBelow(root, header);
    const here = header !== undefined ? table : key !== undefined ? placeBelow(table, key) : undefined;
    if (here !== undefined) here.line ??= index + 1;
  }
  return (path) => {
    let at: Place | undefined = root;
    let line: number | undefined;
    for (const part of path.split('.')) {
      at = at.below.get(part);
      if (at === undefined) break;
      line = at.line ?? line;
    }
    return line;
  };
}

/** What stands between the brackets of `[a.b]` or `[[a.b]]`. */
function headerOf(line: string): string | undefined {
  const text = line.trimStart();
  const end = text.indexOf(']');
  if (end === -1 || !text.startsWith('[')) return undefined;
  const header = text.slice(text.startsWith('[[') ? 2 : 1, end).trim();
  return header === '' ? undefined : header;
}

function placeBelow(place: Place, key: string): Place {
  let at = place;
  for (const part of partsOf(key)) {
    const next: Place = at.below.get(part) ?? { below: new Map() };
    at.below.set(part, next);
    at = next;
  }
  return at;
}

/** Without quotes, and without the blanks around dots. */
function partsOf(key: string): readonly string[] {
  const parts = key.replace(/["']/g, '').split('.');
  return parts.map((part, index) => {
    const begun = index === 0 ? part : part.trimStart();
    return index === parts.length - 1 ? begun : begun.trimEnd();
  });
}
