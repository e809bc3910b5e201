// Documentation: the comments right before an item, of whatever style.
import type { Docs } from '../../resolved.ts';
import { type Span, spanBetween } from '../source.ts';
import { type Cursor, textOf } from './cursor.ts';

/** The comments before the next token; to be taken before the token is. */
export const takeComments = ({ tokens, index }: Cursor): readonly Span[] => tokens.comments.get(index) ?? [];

/** The place of some comments, without the line break that ends the last of them. */
export const spanOfComments = (comments: readonly Span[]): Span | undefined => {
  const [first, last] = [comments[0], comments.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const { length } = textOf(last).trimEnd();
  return spanBetween(first, { ...last, end: last.start + length });
};

/** Comments as text: without their marks, and without the indentation that all of them share. */
export const toDocs = (comments: readonly Span[]): Docs | undefined => {
  if (comments.length === 0) return undefined;
  const bodies = comments.map((comment) => withoutMarks(textOf(comment)).trimEnd());
  let shared = Number.POSITIVE_INFINITY;
  for (const body of bodies) if (body !== '') shared = Math.min(shared, indentOf(body));
  const indent = ' '.repeat(Number.isFinite(shared) ? shared : 0);
  const lines = bodies.flatMap((body) => (body.startsWith(indent) ? body.slice(indent.length) : body).split(/\r?\n/));
  let { length } = lines;
  while (length > 0 && lines[length - 1] === '') length--;
  return { contents: lines.slice(0, length).join('\n') };
};

const indentOf = (body: string): number => body.length - body.replace(/^[ \t\n\f\r]+/, '').length;

const withoutMarks = (comment: string): string => {
  if (comment === '/**/') return '';
  return comment.startsWith('/**') ? comment.slice(3, -2) : comment.replace(/^\/+/, '');
};
