// Source files and places in them: every token keeps its place, so that each error can point at what it is about.

/** One WIT file: its path as errors shall name it, and its text. */
export type WitSource = { readonly path: string; readonly text: string };

/** A range of one file, in UTF-16 units; `end` is exclusive. */
export type Span = { readonly file: WitSource; readonly start: number; readonly end: number };

/** Where a span begins, for people: lines and columns (in characters) start at 1. */
export type Location = { readonly file: string; readonly line: number; readonly column: number };

/** The span from the start of one to the end of another of the same file. */
export const spanBetween = (first: Span, last: Span): Span => ({ file: first.file, start: first.start, end: last.end });

/** Line and column of the start of a span. */
export const locate = ({ file, start }: Span): Location => {
  const lineStart = lineStartBefore(file.text, start);
  let line = 1;
  for (let at = file.text.indexOf('\n'); at !== -1 && at < lineStart; at = file.text.indexOf('\n', at + 1)) line++;
  return { file: file.path, line, column: countCharacters(file.text, lineStart, start) + 1 };
};

/** The text of the line in which a span begins, and how many characters of that line the span covers (at least 1). */
export const lineOf = ({ file, start, end }: Span): { readonly text: string; readonly width: number } => {
  const lineStart = lineStartBefore(file.text, start);
  const newline = file.text.indexOf('\n', start);
  const lineEnd = newline === -1 ? file.text.length : newline;
  const text = file.text.slice(lineStart, lineEnd).replace(/\r$/, '');
  return { text, width: Math.max(1, countCharacters(file.text, start, Math.min(end, lineEnd))) };
};

const lineStartBefore = (text: string, offset: number): number =>
  offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;

const countCharacters = (text: string, start: number, end: number): number => {
  let count = 0;
  for (let at = start; at < end; at += text.codePointAt(at)! > 0xffff ? 2 : 1) count++;
  return count;
};
