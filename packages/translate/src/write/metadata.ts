// AGENT as the literal of a target language.
import type { Json } from '@pypes/contract';

/** How a target writes the parts of a JSON value. */
export type LiteralStyle = {
  readonly nil: string;
  readonly yes: string;
  readonly no: string;
  readonly text: (value: string) => string;
  /** An empty list, where it is written in another way. */
  readonly emptyList?: string;
  readonly list: readonly [open: string, between: string, close: string];
  readonly map: readonly [open: string, between: string, close: string];
  readonly entry: (key: string, value: string) => string;
};

const WIDTH = 110;

/** A JSON value as source text; what does not fit a line is broken into lines. */
export function writeLiteral(value: Json, style: LiteralStyle, indent = ''): string {
  if (value === null) return style.nil;
  if (typeof value === 'boolean') return value ? style.yes : style.no;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return style.text(value);
  const isList = Array.isArray(value);
  if (isList && value.length === 0 && style.emptyList !== undefined) return style.emptyList;
  const [open, between, close] = isList ? style.list : style.map;
  const inner = `${indent}  `;
  const parts = isList
    ? value.map((item: Json) => writeLiteral(item, style, inner))
    : Object.entries(value).map(([key, item]) => style.entry(key, writeLiteral(item as Json, style, inner)));
  const line = `${open}${parts.join(`${between} `)}${close}`;
  if (line.length + indent.length <= WIDTH && !line.includes('\n')) return line;
  return `${open}\n${parts.map((part) => `${inner}${part}`).join(`${between}\n`)}\n${indent}${close}`;
}
