// A stranger's text for a person's terminal, or for a model: one line of bounded length with nothing in it that acts.

// Controls, what turns the direction of text, what cannot be seen, and tags.
const ACTING = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029\u{E0000}-\u{E007F}]+/gu;

/**
 * The text as one line.
 *
 * @example
 * plain('Sends\u001b[2J mail\nnow', 40); // 'Sends [2J mail now'
 */
export function plain(text: string, most: number): string {
  const line = text.toWellFormed().replace(ACTING, ' ').replace(/\s+/g, ' ').trim();
  const letters = [...line];
  return letters.length <= most ? line : `${letters.slice(0, Math.max(0, most - 1)).join('')}…`;
}
