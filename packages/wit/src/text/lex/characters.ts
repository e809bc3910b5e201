// Characters that no WIT file may hold, and how a character is written in an error message.
import { fail } from '../errors.ts';
import type { WitSource } from '../source.ts';

// Control characters but tab and line breaks; overrides of the text's direction, which let a source look like
// another (CVE-2021-42574); characters that Unicode deprecates or discourages.
const refused = /(?![\t\n\r])\p{Cc}|[\u202a-\u202e\u2066-\u2069\u0149\u0673\u0f77\u0f79\u17a3\u17a4\u17b4\u17b5]/u;
const direction = /[\u202a-\u202e\u2066-\u2069]/;
const discouraged = /[\u0149\u0673\u0f77\u0f79\u17a3\u17a4\u17b4\u17b5]/;

/** Throws at the first character that is refused wherever it stands, comments included. */
export const refuseCharacters = (file: WitSource): void => {
  const start = file.text.search(refused);
  if (start === -1) return;
  const character = file.text[start]!;
  const span = { file, start, end: start + 1 };
  const debug = `EscapeUnicode(EscapeIterInner('${escapeUnicode(character)}'))`;
  if (direction.test(character)) fail(span, `Input contains bidirectional override codepoint ${debug}`);
  if (discouraged.test(character)) fail(span, `Codepoint ${debug} is discouraged by Unicode`);
  fail(span, `Control code '${escapeUnicode(character)}'`);
};

const named: ReadonlyMap<string, string> = new Map([
  ['\0', '\\0'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ["'", "\\'"],
  ['\\', '\\\\'],
]);
const invisible = /[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Grapheme_Extend}]|(?! )\p{Zs}/u;

/** A character in single quotes; what a person could not see or would misread is escaped. */
export const quoteCharacter = (character: string): string =>
  `'${named.get(character) ?? (invisible.test(character) ? escapeUnicode(character) : character)}'`;

const escapeUnicode = (character: string): string => `\\u{${character.codePointAt(0)!.toString(16)}}`;
