// Results that were printed as lists of `key: value` lines, as data: what is not plainly of that form stays a text.
import type { Json } from '../../packages/contract/src/index.ts';

/**
 * Reads block mappings, block sequences and scalars by their indentation. A text that is anything else, prose above
 * all, gives undefined: its lines belong together.
 *
 * @example
 * parseYamlLike('- id: 1\n  body: Hi'); // [{ id: '1', body: 'Hi' }]
 */
export function parseYamlLike(text: string): Json | undefined {
  const lines = text.split('\n').map((line) => ({ indent: line.search(/\S/), text: line.trim() }));
  while (lines.at(-1)?.text === '') lines.pop();
  if (lines.length < 2) return undefined;
  const reader: Reader = { lines, at: 0 };
  try {
    const value = readBlock(reader, lines[0]?.indent ?? 0);
    return reader.at === lines.length && typeof value === 'object' ? value : undefined;
  } catch (error) {
    if (error instanceof NotYaml) return undefined;
    throw error;
  }
}

type Line = { readonly indent: number; readonly text: string };
type Reader = { readonly lines: Line[]; at: number };

class NotYaml extends Error {}

const KEY = /^(?:([\w$.@ -]{1,80}?)|'([^']{1,80})'|"([^"]{1,80})"):(?:\s+(.*))?$/;

function readBlock(reader: Reader, indent: number): Json {
  const line = reader.lines[reader.at];
  if (line === undefined || line.indent !== indent) throw new NotYaml();
  return line.text === '-' || line.text.startsWith('- ') ? readList(reader, indent) : readMapping(reader, indent);
}

function readList(reader: Reader, indent: number): Json {
  const items: Json[] = [];
  for (;;) {
    const line = reader.lines[reader.at];
    if (line === undefined || line.indent < indent) return items;
    if (line.indent !== indent || !/^-(?: |$)/.test(line.text)) {
      if (items.length > 0 && line.indent === indent) return items;
      throw new NotYaml();
    }
    const rest = line.text.slice(1).trim();
    if (KEY.test(rest)) {
      const inner = indent + line.text.indexOf(rest);
      reader.lines[reader.at] = { indent: inner, text: rest };
      items.push(readMapping(reader, inner));
    } else {
      items.push(readValue(reader, rest, indent));
    }
  }
}

function readMapping(reader: Reader, indent: number): Json {
  const members = new Map<string, Json>();
  for (;;) {
    const line = reader.lines[reader.at];
    if (line === undefined || line.indent < indent || (line.indent === indent && /^-(?: |$)/.test(line.text))) break;
    const match = line.indent === indent ? KEY.exec(line.text) : null;
    if (match === null) throw new NotYaml();
    const key = match[1] ?? match[2] ?? match[3] ?? '';
    if (members.has(key)) throw new NotYaml();
    members.set(key, readValue(reader, match[4] ?? '', indent));
  }
  return Object.fromEntries(members);
}

/** The value that begins with `first`, and goes on in the lines that are indented deeper. */
function readValue(reader: Reader, first: string, indent: number): Json {
  reader.at += 1;
  const next = reader.lines[reader.at];
  if (first === '' && next !== undefined && next.text !== '') {
    const isList = /^-(?: |$)/.test(next.text);
    if (next.indent > indent || (isList && next.indent === indent)) return readBlock(reader, next.indent);
  }
  const parts = [first];
  for (;;) {
    const line = reader.lines[reader.at];
    if (line === undefined || (line.text !== '' && line.indent <= indent)) break;
    parts.push(line.text);
    reader.at += 1;
  }
  return toScalar(parts);
}

function toScalar(parts: readonly string[]): Json {
  const text = parts.join('\n').trim();
  if (/^[|>][+-]?\n/.test(text)) return text.slice(text.indexOf('\n') + 1);
  if (text === '[]') return [];
  if (text === '{}') return {};
  if (/^'.*'$/s.test(text)) return text.slice(1, -1).replaceAll("''", "'");
  if (/^".*"$/s.test(text)) return text.slice(1, -1).replaceAll('\\n', '\n').replaceAll('\\"', '"');
  return text;
}
