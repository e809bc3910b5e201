// Texts of strangers in documents: nothing in them acts, wherever they are put.

/** What XML has no characters for, and what turns the direction of the text around it. */
const UNPRINTABLE =
  /[^\t\n\r\u0020-\u007E\u00A0-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]|[\u202A-\u202E\u2066-\u2069]/gu;

/** For HTML and XML, in texts and in quoted attributes. */
export function escapeMarkup(text: string): string {
  return text
    .replace(UNPRINTABLE, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** For a line or a table's cell of Markdown: no markup, no links, no HTML, and nobody is called by name. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(UNPRINTABLE, '\uFFFD')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_{}[\]|~:]/g, (character) => `\\${character}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/www\./gi, (found) => `${found.slice(0, 3)}\\.`)
    .replaceAll('@', '@\u2060');
}
