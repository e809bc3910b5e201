// JSON texts of a module: read here, where what they cost is the module's own, before anything of them goes further.

/** Why a text is no JSON that can cross. */
export class JsonError extends Error {}

/** A text that {@link readJson} read. */
export type ReadJson = { readonly value: unknown /** JSON that every reader takes alike. */; readonly text: string };

/** What may be a number that JSON's readers do not take alike: many digits, or an exponent. */
const DOUBTFUL = /[0-9]{16}|[0-9][eE]/;

/**
 * Reads a JSON text. Whole numbers beyond 2^53 become their digits as text, as they do everywhere.
 *
 * @throws JsonError
 */
export function readJson(text: string, mostDepth: number): ReadJson {
  if (text.length === 0) throw new JsonError('is empty; "null" is JSON too');
  if (isTooDeep(text, mostDepth)) throw new JsonError(`is nested deeper than ${mostDepth} levels`);
  try {
    if (!DOUBTFUL.test(text)) return { value: JSON.parse(text), text };
    const value: unknown = JSON.parse(text, exactly as (key: string, value: unknown) => unknown);
    return { value, text: JSON.stringify(value) };
  } catch (error) {
    if (error instanceof JsonError) throw error;
    throw new JsonError(`is no JSON: ${(error as Error).message}`);
  }
}

function exactly(_key: string, value: unknown, { source }: { readonly source?: string }): unknown {
  if (typeof value !== 'number') return value;
  if (!Number.isFinite(value)) throw new JsonError(`has the number ${source}, which is too large`);
  return source !== undefined && !Number.isSafeInteger(value) && /^-?\d+$/.test(source) ? source : value;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const OPEN_OBJECT = 0x7b;
const CLOSE_LIST = 0x5d;
const CLOSE_OBJECT = 0x7d;

/** Counted before it is parsed: a parser would build all of it first. */
function isTooDeep(text: string, most: number): boolean {
  if (text.length <= most) return false;
  let depth = 0;
  let isText = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isText) {
      if (code === BACKSLASH) at++;
      else if (code === QUOTE) isText = false;
    } else if (code === QUOTE) isText = true;
    else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      if (++depth > most) return true;
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth--;
  }
  return false;
}
