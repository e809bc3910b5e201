// The one error of this folder: what is wrong in which place, and how that is shown to a person.
import { type Location, lineOf, locate, type Span } from './source.ts';

/** What an error knows besides its message. */
export type WitErrorDetails = {
  /** The place in question; an error about a package as a whole has none. */
  readonly span?: Span | undefined;
  /** What the grammar wanted there. */
  readonly expected?: string | undefined;
  /** Further lines, shown between the message and the source. */
  readonly notes?: readonly string[];
  /** Further places, shown instead of the source. */
  readonly related?: readonly Span[];
};

/** Where in the work an error came up: in one package by itself (`group` 0 is the main one), or joining all of them. */
export type WitErrorOrigin = { readonly stage: 'package'; readonly group: number } | { readonly stage: 'link' };

/**
 * WIT that is not valid. `message` is one line in the words of wasm-tools, without the place.
 * `file`, `line` and `column` (from 1, in characters) are undefined where no place is to blame.
 */
export class WitError extends Error {
  override readonly name = 'WitError';
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly expected: string | undefined;
  readonly details: WitErrorDetails;
  /** Set by `parseWit`. */
  origin: WitErrorOrigin | undefined;

  constructor(message: string, details: WitErrorDetails = {}) {
    super(message);
    const place: Partial<Location> = details.span === undefined ? {} : locate(details.span);
    this.file = place.file;
    this.line = place.line;
    this.column = place.column;
    this.expected = details.expected;
    this.details = details;
  }
}

/** Throws a {@link WitError} about a place. */
export const fail = (span: Span | undefined, message: string, details: Omit<WitErrorDetails, 'span'> = {}): never => {
  throw new WitError(message, { ...details, span });
};

// Beyond this a caret under the source helps nobody.
const longestColumn = 65_535;

/**
 * An error as several lines of text: message, notes, place, the line of source and a caret under it.
 * @example
 * renderWitError(new WitError('Bad')) // 'Bad'
 */
export const renderWitError = (error: WitError): string => {
  const { span, notes = [], related = [] } = error.details;
  const lines = [error.message, ...notes];
  if (related.length > 0)
    return [...lines, ...related.map((place) => `  * ${renderLocation(locate(place))}`)].join('\n');
  if (span === undefined) return lines.join('\n');
  const location = locate(span);
  if (location.column > longestColumn) return `${renderLocation(location)}: ${lines.join('\n')}`;
  const { text, width } = lineOf(span);
  return [
    ...lines,
    `     --> ${renderLocation(location)}`,
    '      |',
    ` ${String(location.line).padStart(4)} | ${text}`,
    `      | ${' '.repeat(location.column - 1)}^${'-'.repeat(width - 1)}`,
  ].join('\n');
};

const renderLocation = ({ file, line, column }: Location): string => `${file}:${line}:${column}`;
