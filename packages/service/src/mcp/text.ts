// What strangers wrote about their agents, made fit to be read by a model and a person: nothing hidden, nothing endless.

/** The longest description of a tool, prompt or resource, in characters. */
export const DESCRIPTION_LENGTH = 4_096;
/** The longest title, and the longest text inside a schema. */
export const NOTE_LENGTH = 1_024;

// Controls (but not tab and line feed), the marks that turn the direction of text, spaces without width, and the tag
// characters, which a screen does not show and a model reads.
const HIDDEN =
  /(?![\t\n])[\p{Cc}\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}]/gu;

/** Whether a text holds characters that are not seen. */
export function hasHidden(text: string): boolean {
  return text.search(HIDDEN) >= 0 || !text.isWellFormed();
}

/**
 * The text without hidden characters, cut at `most` characters.
 *
 * @example
 * toPlainText('Adds\u202e numbers', 100); // 'Adds numbers'
 */
export function toPlainText(text: string, most: number): string {
  const seen = text.replace(/\r\n?/g, '\n').replace(HIDDEN, '').toWellFormed();
  if (seen.length <= most) return seen;
  // A character beyond the basic plane is never cut in two.
  return `${seen
    .slice(0, most - 1)
    .toWellFormed()
    .replace(/\ufffd$/, '')}…`;
}
