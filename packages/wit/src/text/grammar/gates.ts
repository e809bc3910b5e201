// What stands before an item: comments, and `@since`, `@unstable`, `@deprecated`, `@external-id`.
import { fail } from '../errors.ts';
import { readString } from '../lex/strings.ts';
import type { Span } from '../source.ts';
import type { Gate, Preamble } from '../syntax.ts';
import { type Cursor, eat, expect, takeId } from './cursor.ts';
import { takeVersion } from './versions.ts';

/** Takes all gates; `comments` are those before them. */
export const takePreamble = (cursor: Cursor, comments: readonly Span[]): Preamble => {
  const gates: Gate[] = [];
  while (eat(cursor, '@')) gates.push(takeGate(cursor));
  return { comments, gates };
};

const takeGate = (cursor: Cursor): Gate => {
  const { name, span } = takeId(cursor);
  switch (name) {
    case 'since':
    case 'deprecated':
      return inParentheses(cursor, () => ({ kind: name, version: takeVersionOf(cursor), span }));
    case 'unstable':
      return inParentheses(cursor, () => ({ kind: name, feature: takeFeature(cursor), span }));
    case 'external-id':
      return inParentheses(cursor, () => ({ kind: name, value: takeText(cursor), span }));
    default:
      return fail(span, `unknown attribute \`${name}\``);
  }
};

const inParentheses = <Value>(cursor: Cursor, takeValue: () => Value): Value => {
  expect(cursor, '(');
  const value = takeValue();
  expect(cursor, ')');
  return value;
};

const takeVersionOf = (cursor: Cursor) => {
  takeLabel(cursor, 'version');
  return takeVersion(cursor).version;
};

const takeFeature = (cursor: Cursor): string => {
  takeLabel(cursor, 'feature');
  return takeId(cursor).name;
};

const takeLabel = (cursor: Cursor, wanted: string): void => {
  const { name, span } = takeId(cursor);
  if (name !== wanted) fail(span, `expected \`${wanted}\`, found \`${name}\``, { expected: `\`${wanted}\`` });
  expect(cursor, '=');
};

const takeText = (cursor: Cursor): string => {
  const { file, start } = expect(cursor, 'text');
  return readString(file, start).value;
};
