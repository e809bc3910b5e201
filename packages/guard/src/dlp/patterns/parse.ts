// The pattern language: a small part of regular expressions in which nothing is unbounded, so that matching is linear.
import { PypesError } from '@pypes/contract';
import { type CharSet, complementOf, ignoringCase, setOf, unionOf } from './char-set.ts';

/** A parsed pattern. */
export type Pattern =
  | { readonly kind: 'set'; readonly set: CharSet }
  | { readonly kind: 'sequence'; readonly items: readonly Pattern[] }
  | { readonly kind: 'choice'; readonly items: readonly Pattern[] }
  | { readonly kind: 'repeat'; readonly item: Pattern; readonly min: number; readonly max: number };

/**
 * Parses literals, `\d \w \s`, classes, `(?:…)`, `(?i:…)`, `|`, `?`, `{n}` and `{n,m}`. All else is refused by code
 * `invalid_request`: `*`, `+` and `{n,}` have no bound, references and assertions need backtracking.
 *
 * @example
 * parsePattern('gh[pousr]_[A-Za-z0-9]{36}');
 */
export function parsePattern(source: string): Pattern {
  const reader: Reader = { source, at: 0, anyCase: false };
  const pattern = readChoice(reader);
  if (reader.at < source.length) throw refusal(reader, 'is not expected here');
  return pattern;
}

/** The set that a class such as `[A-Za-z]` stands for. */
export function parseCharSet(source: string): CharSet {
  const pattern = parsePattern(source);
  if (pattern.kind === 'set') return pattern.set;
  throw new PypesError('invalid_request', `The pattern "${source}" is not one class of characters`);
}

type Reader = { readonly source: string; at: number; anyCase: boolean };

const MOST_REPEATS = 512;
const DIGITS = '0123456789';
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const NAMED: { readonly [name: string]: CharSet } = {
  d: setOf(DIGITS),
  w: setOf(`${DIGITS}${LETTERS}_`),
  s: setOf(' \t\n\r\f\v'),
  n: setOf('\n'),
  r: setOf('\r'),
  t: setOf('\t'),
  0: setOf('\0'),
};

function readChoice(reader: Reader): Pattern {
  const items = [readSequence(reader)];
  while (reader.source[reader.at] === '|') {
    reader.at++;
    items.push(readSequence(reader));
  }
  return items.length === 1 ? (items[0] as Pattern) : { kind: 'choice', items };
}

function readSequence(reader: Reader): Pattern {
  const items: Pattern[] = [];
  while (reader.at < reader.source.length && !'|)'.includes(reader.source[reader.at] as string)) {
    items.push(readQuantified(reader));
  }
  return items.length === 1 ? (items[0] as Pattern) : { kind: 'sequence', items };
}

function readQuantified(reader: Reader): Pattern {
  const item = readAtom(reader);
  const [whole, min, comma, max] = /^(?:\?|\{(\d+)(,?)(\d*)\})/.exec(reader.source.slice(reader.at)) ?? [''];
  if (whole === '') return item;
  if (comma === ',' && max === '') throw refusal(reader, 'has no upper bound');
  reader.at += whole.length;
  const least = Number(min ?? 0);
  const most = whole === '?' ? 1 : Number(max || min);
  if (most > MOST_REPEATS || least > most)
    throw refusal(reader, `repeats more than ${MOST_REPEATS} times, or backwards`);
  return { kind: 'repeat', item, min: least, max: most };
}

function readAtom(reader: Reader): Pattern {
  const character = reader.source[reader.at] as string;
  if (character === '(') return readGroup(reader);
  if ('*+?{}^$.)]'.includes(character)) throw refusal(reader, 'is not part of the pattern language');
  const set = character === '[' ? readClass(reader) : readCharacter(reader);
  return { kind: 'set', set: reader.anyCase ? ignoringCase(set) : set };
}

function readGroup(reader: Reader): Pattern {
  const anyCase = reader.anyCase;
  if (reader.source.startsWith('(?i:', reader.at)) reader.anyCase = true;
  else if (!reader.source.startsWith('(?:', reader.at)) throw refusal(reader, 'captures, or looks around');
  reader.at += reader.source[reader.at + 2] === 'i' ? 4 : 3;
  const inner = readChoice(reader);
  if (reader.source[reader.at] !== ')') throw refusal(reader, 'should be ")"');
  reader.at++;
  reader.anyCase = anyCase;
  return inner;
}

function readClass(reader: Reader): CharSet {
  const negated = reader.source[reader.at + 1] === '^';
  reader.at += negated ? 2 : 1;
  const sets: CharSet[] = [];
  while (reader.source[reader.at] !== ']') {
    const from = reader.source.charCodeAt(reader.at);
    const first = readCharacter(reader);
    const ranged = reader.source[reader.at] === '-' && reader.source[reader.at + 1] !== ']';
    if (!ranged) {
      sets.push(first);
      continue;
    }
    const to = reader.source.charCodeAt(++reader.at);
    readCharacter(reader);
    if (!(from < to && to < 128)) throw refusal(reader, 'ends a range that is backwards');
    sets.push(setOf(String.fromCharCode(...Array.from({ length: to - from + 1 }, (_, n) => from + n))));
  }
  reader.at++;
  const union = unionOf(sets);
  return negated ? complementOf(union) : union;
}

function readCharacter(reader: Reader): CharSet {
  const character = reader.source[reader.at];
  if (character === undefined) throw refusal(reader, 'is missing');
  reader.at++;
  if (character !== '\\') return setOf(character);
  const escaped = reader.source[reader.at++] ?? '';
  const named = NAMED[escaped];
  if (named !== undefined) return named;
  if (escaped === '' || /\w/.test(escaped)) throw refusal(reader, 'is a reference or an assertion');
  return setOf(escaped);
}

function refusal(reader: Reader, what: string): PypesError {
  const { source, at } = reader;
  const shown = source[at] ?? 'the end';
  return new PypesError(
    'invalid_request',
    `"${shown}" at ${at} of the pattern "${source}" ${what}; patterns know literals, classes, groups, "?", "{n}" and "{n,m}"`,
  );
}
