/** The one error of the language: a closed set of codes, a place in the source, and what the reader needs to mend it. */

/** Everything that can go wrong, as a closed set; hosts branch on these, never on the text. */
export type LispyErrorCode =
  | 'parse'
  | 'incomplete'
  | 'syntax'
  | 'macro'
  | 'unbound'
  | 'type'
  | 'arity'
  | 'range'
  | 'arithmetic'
  | 'user'
  | 'assert'
  | 'limit'
  | 'aborted'
  | 'host'
  | 'not-granted'
  | 'async'
  | 'not-json'
  | 'cycle'
  | 'internal';

/** The limits that can be crossed (spec 3, "Limits"). */
export type LimitName =
  | 'steps'
  | 'depth'
  | 'reader-depth'
  | 'source'
  | 'program'
  | 'items'
  | 'string'
  | 'output'
  | 'memory'
  | 'cpu'
  | 'time';

/** A place in a source text; lines and columns count from 1. */
export type SourcePlace = { readonly file: string; readonly line: number; readonly column: number };

/** What an error may carry besides its code and message. */
export type LispyErrorDetails = {
  readonly place?: SourcePlace | undefined;
  readonly limit?: LimitName;
  readonly signature?: string;
  readonly expected?: string;
  readonly got?: string;
  readonly suggestion?: string;
  readonly grant?: string;
  /** A value that the program raised; for `try`/`catch` and for hosts that look into it. */
  readonly payload?: unknown;
  readonly cause?: unknown;
};

/**
 * An error of a LisPy program or of its text (spec 3, "Errors").
 *
 * @example
 * try { program.instantiate().runSync() } catch (error) { if (error instanceof LispyError) error.toJSON() }
 */
export class LispyError extends Error {
  override readonly name = 'LispyError';
  readonly code: LispyErrorCode;
  readonly details: LispyErrorDetails;
  /** The message without the place in front. */
  readonly text: string;
  #place: SourcePlace | undefined;

  constructor(code: LispyErrorCode, text: string, details: LispyErrorDetails = {}) {
    super(text, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.text = text;
    this.details = details;
    if (details.place) this.locate(details.place);
  }

  get place(): SourcePlace | undefined {
    return this.#place;
  }

  get file(): string | undefined {
    return this.#place?.file;
  }

  get line(): number | undefined {
    return this.#place?.line;
  }

  get column(): number | undefined {
    return this.#place?.column;
  }

  get limit(): LimitName | undefined {
    return this.details.limit;
  }

  /** Limit errors and aborts end the run; `try` in the program never sees them. */
  get catchable(): boolean {
    return this.code !== 'limit' && this.code !== 'aborted' && this.code !== 'async' && this.code !== 'internal';
  }

  /** Says where it happened, unless a closer place is known already. */
  locate(place: SourcePlace | undefined): this {
    if (!this.#place && place) {
      this.#place = place;
      this.message = `${place.file}:${place.line}:${place.column}: ${this.text}`;
    }
    return this;
  }

  /** The error as plain data for a host: `{code, message, line, column}` and, where they apply, `file` and `limit`. */
  toJSON(): { code: string; message: string; file?: string; line?: number; column?: number; limit?: string } {
    return {
      code: this.code,
      message: this.text,
      ...(this.#place && { file: this.#place.file, line: this.#place.line, column: this.#place.column }),
      ...(this.details.limit && { limit: this.details.limit }),
    };
  }
}

/** The typed error of a crossed limit. */
export const limitError = (limit: LimitName, maximum: number | string, what: string): LispyError =>
  new LispyError('limit', `Limit "${limit}" reached: ${what} (at most ${maximum})`, { limit });
