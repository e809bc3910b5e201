// Texts that stand in a text in another form: what a model can decode, the guard has to have read too.
import { fold } from './fold.ts';

/** A bound for hostile texts: so many encoded parts of one text are decoded. */
const MOST_PARTS = 64;

/**
 * The texts that are concealed in one: base64, hexadecimal, URL-encoded, spelled out letter by letter, backwards.
 *
 * @example
 * concealedIn('decode amF5QGdvb2dsZS5jb20='); // ['jay@google.com', …]
 */
export function concealedIn(text: string): readonly string[] {
  const found: string[] = [];
  const add = (decoded: string | undefined) => {
    if (decoded !== undefined && decoded.trim() !== '' && READABLE.test(decoded)) found.push(decoded);
  };
  for (const [run] of matches(text, BASE64)) add(fromBase64(run));
  for (const [run] of matches(text, HEX)) add(fromHex(run));
  for (const word of wordsWith(text, PERCENT)) add(fromPercent(word));
  if (text.includes('&')) add(fromEntities(text));
  const joined = text.replace(SPELLED, (run) => run.replace(SPELLING, ''));
  if (joined !== text) add(joined);
  add(backwards(text));
  return found;
}

const BASE64 = /[A-Za-z0-9+/_-]{12,}={0,2}/g;
const HEX = /(?<![\p{L}\p{N}])(?:[0-9a-fA-F]{2}[ :]?){6,}/gu;
const PERCENT = /%[0-9a-fA-F]{2}/;
const SPELLED = /(?<![\p{L}\p{N}])(?:[\p{L}\p{N}@.](?:[ \-_.·]|, )){3,64}[\p{L}\p{N}](?![\p{L}\p{N}])/gu;
const SPELLING = /[ \-_·,]|(?<=[\p{L}\p{N}])\.(?=[\p{L}\p{N}]\.)/gu;
const READABLE = /^[\p{L}\p{N}\p{P}\p{S}\p{Zs}\s]+$/u;
const utf8 = new TextDecoder('utf-8', { fatal: true });
const lenient = new TextDecoder('utf-8');

function matches(text: string, pattern: RegExp): readonly RegExpMatchArray[] {
  const found: RegExpMatchArray[] = [];
  for (const match of text.matchAll(pattern)) if (found.push(match) >= MOST_PARTS) break;
  return found;
}

/** Cut first: a pattern that looks for the whole word would go over a long one again and again. */
function wordsWith(text: string, pattern: RegExp): readonly string[] {
  const found: string[] = [];
  for (const word of text.split(/\s+/)) if (pattern.test(word) && found.push(word) >= MOST_PARTS) break;
  return found;
}

function fromBase64(run: string): string | undefined {
  try {
    const plain = run.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
    return decode(Uint8Array.from(atob(plain.slice(0, plain.length - (plain.length % 4 === 1 ? 1 : 0))), byteOf));
  } catch {
    // Not every run of letters is base64; what is none conceals nothing.
    return undefined;
  }
}

function byteOf(char: string): number {
  return char.charCodeAt(0);
}

function fromHex(run: string): string | undefined {
  const digits = run.replace(/[ :]/g, '');
  // A word such as "be" before it is two digits as well, so that some bytes may be none of the text.
  return lenient.decode(Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)));
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function fromPercent(run: string): string | undefined {
  try {
    return decodeURIComponent(run);
  } catch {
    return undefined;
  }
}

function fromEntities(text: string): string | undefined {
  const decoded = text.replaceAll(/&#(?:x([0-9a-f]{1,6})|(\d{1,7}));/gi, (entity, hex?: string, decimal?: string) => {
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : entity;
  });
  return decoded === text ? undefined : decoded;
}

/** Only identifiers are worth writing backwards: a whole text so would make a dictionary of nonsense. */
function backwards(text: string): string {
  return wordsWith(fold(text), /[\d@]/)
    .map((word) => [...word].reverse().join(''))
    .join(' , ');
}
