// Names of JSON made into WIT names, which know only words joined by dashes.

const WORDS = /[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+/g;
const WIT_NAME = /^([a-z][a-z0-9]*|[A-Z][A-Z0-9]*)(-([a-z][a-z0-9]*|[A-Z][A-Z0-9]*))*$/;

/**
 * The WIT name for a name of any style; a WIT name stays as it is. Undefined where nothing usable is left.
 *
 * @example
 * toWitName('user_id'); // 'user-id'
 * toWitName('maxItemCount'); // 'max-item-count'
 */
export function toWitName(name: string): string | undefined {
  if (WIT_NAME.test(name)) return name;
  const words: string[] = [];
  for (const [word] of name.matchAll(WORDS)) {
    const last = words.at(-1);
    // No word begins with a digit.
    if (/^[0-9]/.test(word) && last !== undefined) words[words.length - 1] = `${last}${word}`;
    else words.push(word.toLowerCase());
  }
  const made = words.join('-');
  return WIT_NAME.test(made) ? made : undefined;
}

const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'as async bool borrow char constructor enum error-context export f32 f64 flags from func future import include ' +
    'interface list map option own package record resource result s16 s32 s64 s8 static stream string tuple type ' +
    'u16 u32 u64 u8 use variant with world'
  ).split(' '),
);

/** A name as WIT text writes it: one that is a keyword gets its `%`. */
export function escapeName(name: string): string {
  return KEYWORDS.has(name) ? `%${name}` : name;
}
