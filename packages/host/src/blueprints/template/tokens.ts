// Cuts an expression into tokens.

/** A piece of an expression, with its offset in the template. */
export type Token = {
  readonly kind: 'name' | 'number' | 'text' | 'sign' | 'end';
  readonly text: string;
  readonly value?: number | string;
  readonly at: number;
};

/** What is wrong with a template, and where in it. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

// `-` belongs to a name, since steps and fields of WIT have it in theirs; there is no subtraction.
const NAME = /[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const SIGN = /==|!=|<=|>=|[<>()[\].,|]/y;
const SPACE = /\s+/y;
const ESCAPES: { readonly [letter: string]: string } = { n: '\n', t: '\t', r: '\r', '"': '"', "'": "'", '\\': '\\' };

/**
 * The tokens of the expression that begins at `start` and ends before `}}`, and where it ends.
 *
 * @throws TemplateError
 */
export function readTokens(source: string, start: number): { readonly tokens: readonly Token[]; readonly end: number } {
  const tokens: Token[] = [];
  let at = start;
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0];
  };
  for (;;) {
    at += match(SPACE)?.length ?? 0;
    if (at >= source.length) throw new TemplateError(start, 'The expression is not closed; write }} behind it');
    if (source.startsWith('}}', at)) {
      tokens.push({ kind: 'end', text: '}}', at });
      return { tokens, end: at + 2 };
    }
    const quote = source[at];
    const name = match(NAME);
    const number = name === undefined ? match(NUMBER) : undefined;
    if (name !== undefined) tokens.push({ kind: 'name', text: name, at });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, value: Number(number), at });
    else if (quote === '"' || quote === "'") {
      const { value, end } = readText(source, at);
      tokens.push({ kind: 'text', text: source.slice(at, end), value, at });
      at = end;
      continue;
    } else {
      const sign = match(SIGN);
      if (sign === undefined) throw new TemplateError(at, `"${source[at]}" has no meaning in an expression`);
      tokens.push({ kind: 'sign', text: sign, at });
    }
    at += (tokens.at(-1) as Token).text.length;
  }
}

function readText(source: string, start: number): { readonly value: string; readonly end: number } {
  const quote = source[start];
  let value = '';
  for (let at = start + 1; at < source.length; at++) {
    const letter = source[at] as string;
    if (letter === quote) return { value, end: at + 1 };
    if (letter !== '\\') {
      value += letter;
      continue;
    }
    const escaped = ESCAPES[source[++at] ?? ''];
    if (escaped === undefined) throw new TemplateError(at - 1, `There is no escape "\\${source[at] ?? ''}" in a text`);
    value += escaped;
  }
  throw new TemplateError(start, `The text is not closed; write ${quote} behind it`);
}
