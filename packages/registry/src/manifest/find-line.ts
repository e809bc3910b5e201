// Finds the line of a key in TOML text, since the parser keeps places for syntax errors only.

const HEADER = /^\s*\[\[?\s*([^\]]+?)\s*\]\]?/;
const PAIR = /^\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+))*)\s*=/;

/**
 * The line, from 1, where a dotted key stands, or the nearest table above it; undefined where there is none. It reads
 * line by line and may take a line inside a multi-line text for a key: it serves messages only.
 */
export function findLine(text: string, path: string): number | undefined {
  let table = '';
  let best: { readonly line: number; readonly length: number } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const header = HEADER.exec(line)?.[1];
    const key = PAIR.exec(line)?.[1];
    if (header !== undefined) table = plain(header);
    const here = header !== undefined ? table : key !== undefined ? join(table, plain(key)) : undefined;
    if (here === undefined || !(path === here || path.startsWith(`${here}.`))) continue;
    if (best === undefined || here.length > best.length) best = { line: index + 1, length: here.length };
  }
  return best?.line;
}

function plain(key: string): string {
  return key.replace(/["']/g, '').replace(/\s*\.\s*/g, '.');
}

function join(table: string, key: string): string {
  return table === '' ? key : `${table}.${key}`;
}
