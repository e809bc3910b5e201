// What goes to a terminal: strangers write much of it, and it is to be seen there, never obeyed.
import type { Json } from '@pypes/contract';

// The colours of style.ts, and everything that moves a cursor, turns the direction of text or cannot be seen; but for
// lines, tabs, and the joiners that some scripts and pictures are written with.
const ACTING =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  /\u001b\[(?:1|2|22|3[1-3]|39)m|(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029\u{e0000}-\u{e007f}]/gu;

/**
 * The text with what would act written as JSON writes it: `\u001b` and the like. JSON stays the same JSON.
 *
 * @example
 * shown('gone\u001b[2J'); // 'gone\\u001b[2J'
 */
export function shown(text: string): string {
  return text.replace(ACTING, (found) => (found.length > 2 ? found : escapeUnits(found)));
}

/** The same where a person looks on; a file or a program gets what was written. */
export function toStandardOutput(text: string): void {
  process.stdout.write(process.stdout.isTTY ? shown(text) : text);
}

/** An agent's output: a text as it is, anything else as JSON. */
export function printOutput(output: Json): void {
  toStandardOutput(`${typeof output === 'string' ? output : JSON.stringify(output, null, 2)}\n`);
}

/** From here on everything that is logged is shown: no command has to think of it. */
export function guardConsole(): void {
  for (const name of ['log', 'error'] as const) {
    const write = console[name].bind(console);
    console[name] = (...values: readonly unknown[]) =>
      write(...values.map((value) => (typeof value === 'string' ? shown(value) : value)));
  }
}

function escapeUnits(text: string): string {
  return [...Array(text.length).keys()]
    .map((index) => `\\u${text.charCodeAt(index).toString(16).padStart(4, '0')}`)
    .join('');
}
