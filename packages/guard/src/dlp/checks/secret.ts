// Secrets that are known only by what stands before them, and by looking random.
import type { Range, Subject } from '../recognisers/recogniser.ts';
import { entropyOf, kindsOf } from './entropy.ts';
import { isNear } from './nearby.ts';

const RANDOM = 3;

/** Whether the match has letters and digits mixed as keys have, not words. */
export function looksRandom({ text }: Subject, { start, end }: Range): boolean {
  const value = text.slice(start, Math.min(end, start + 256));
  return kindsOf(value.replace(/[^A-Za-z0-9]/g, '')) >= 2 && /[0-9]/.test(value) && entropyOf(value) >= RANDOM;
}

/** The value of an assignment such as `api_key = "…"`, when it looks random. */
export function assignedKey(subject: Subject, match: Range): false | Range {
  const value = assignedValue(subject, match);
  return value.end - value.start >= 16 && looksRandom(subject, value) ? value : false;
}

/** Words that stand in place of a password. */
const PLACEHOLDERS =
  /^(?:required|optional|changeme|change_me|password|passwd|example|placeholder|redacted|undefined|function|string|secret|your|none|null|true|false)/i;

/** The value of an assignment such as `password: …`: two kinds of characters at least, and no placeholder. */
export function assignedPassword(subject: Subject, match: Range): false | Range {
  const value = assignedValue(subject, match);
  const shown = subject.text.slice(value.start, Math.min(value.end, value.start + 256));
  if (/^[$<{%]/.test(shown) || PLACEHOLDERS.test(shown) || /^[a-z]+[.([]/i.test(shown)) return false;
  return /[0-9]|[^A-Za-z0-9_.,-]/.test(shown) && kindsOf(shown) >= 2 && entropyOf(shown) >= 2 ? value : false;
}

/** Behind the first `=` or `:`, without quotes and blanks. */
function assignedValue({ text }: Subject, { start, end }: Range): Range {
  let from = start;
  while (from < end && !'=:'.includes(text[from] as string)) from++;
  while (from < end && '=:> \t"\''.includes(text[from] as string)) from++;
  return { start: from, end };
}

/** Forty characters of base64 are AWS's secret key when something near says AWS. */
export function isAwsSecret(subject: Subject, match: Range): boolean {
  const value = subject.text.slice(match.start, match.end);
  if (kindsOf(value.replace(/[^A-Za-z0-9]/g, '')) < 3 || entropyOf(value) < 4) return false;
  return isNear(subject, match, ['aws', 'akia', 'asia', 'secret'], 160) || hasKeyId(subject, match);
}

function hasKeyId({ text }: Subject, { start, end }: Range): boolean {
  return /A(?:KI|SI)A[A-Z0-9]{16}/.test(`${text.slice(Math.max(0, start - 160), start)} ${text.slice(end, end + 160)}`);
}

/** The password of `scheme://user:password@host`. */
export function passwordInUrl({ text }: Subject, { start, end }: Range): false | Range {
  const from = text.indexOf(':', start + 3) + 1;
  const value = text.slice(from, end - 1);
  return /^[$<{%*]/.test(value) ? false : { start: from, end: end - 1 };
}

/** `Basic` credentials of HTTP are text with a colon when decoded. */
export function isBasicAuth({ text }: Subject, { start, end }: Range): boolean {
  try {
    const decoded = atob(text.slice(text.indexOf(' ', start) + 1, end));
    return decoded.indexOf(':') > 0 && [...decoded].every((character) => character >= ' ' && character <= '~');
  } catch {
    return false;
  }
}

/** A private key up to its end mark; without one, up to the next dashes, at most 16,384 characters. */
export function privateKey({ text }: Subject, { start, end }: Range): Range {
  const dashes = text.indexOf('-----', end);
  if (dashes < 0 || dashes - end > LONGEST_KEY) return { start, end: Math.min(text.length, end + LONGEST_KEY) };
  if (!text.startsWith('-----END ', dashes)) return { start, end: dashes };
  const close = text.slice(dashes + 5, dashes + 64).indexOf('-----');
  return { start, end: close < 0 ? dashes + 5 : dashes + 10 + close };
}

const LONGEST_KEY = 16_384;
