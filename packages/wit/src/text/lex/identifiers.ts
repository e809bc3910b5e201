// Kebab-case names: parts joined by `-`, each all lower or all upper case, digits anywhere but at the very start.
import { fail } from '../errors.ts';
import type { Span } from '../source.ts';
import { quoteCharacter } from './characters.ts';

/** A name with its place. */
export type Id = { readonly name: string; readonly span: Span };

/** The identifier at a place; throws where it is not in kebab case. */
export const toIdentifier = (span: Span): Id => {
  const written = span.file.text.slice(span.start, span.end);
  const name = written.startsWith('%') ? written.slice(1) : written;
  refuseBadName(name, { ...span, end: span.start + 1 });
  return { name, span };
};

const refuseBadName = (name: string, at: Span): void => {
  name.split('-').forEach((part, index) => {
    if (part === '') fail(at, "identifiers must have characters between '-'s");
    if (index === 0 && !/^[a-zA-Z]/.test(part)) refuseCharacter(part, at);
    const letter = /[a-zA-Z]/.exec(part)?.[0] ?? 'a';
    const odd = (letter < 'a' ? /[^A-Z0-9]/u : /[^a-z0-9]/u).exec(part);
    if (odd !== null) refuseCharacter(odd[0], at);
  });
};

const refuseCharacter = (text: string, at: Span): never =>
  fail(at, `invalid character in identifier ${quoteCharacter(String.fromCodePoint(text.codePointAt(0)!))}`);
