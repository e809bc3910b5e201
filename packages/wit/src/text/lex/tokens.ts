// The kinds of tokens of WIT and what error messages call them.

const keywords = [
  'use',
  'type',
  'func',
  'u8',
  'u16',
  'u32',
  'u64',
  's8',
  's16',
  's32',
  's64',
  'f32',
  'f64',
  'char',
  'resource',
  'own',
  'borrow',
  'record',
  'flags',
  'variant',
  'enum',
  'bool',
  'string',
  'option',
  'result',
  'future',
  'stream',
  'error-context',
  'list',
  'map',
  '_',
  'as',
  'from',
  'static',
  'interface',
  'tuple',
  'world',
  'import',
  'export',
  'package',
  'constructor',
  'include',
  'with',
  'async',
] as const;

/** A word that is no identifier unless written with `%`. */
export type Keyword = (typeof keywords)[number];

/** What stands for itself. */
export type Punctuation =
  | '='
  | ','
  | ':'
  | '.'
  | ';'
  | '('
  | ')'
  | '{'
  | '}'
  | '<'
  | '>'
  | '->'
  | '*'
  | '@'
  | '/'
  | '+'
  | '-';

/** The kind of a token; `end` is the end of the file, `invalid` where reading characters failed. */
export type TokenKind =
  | Keyword
  | Punctuation
  | 'identifier'
  | 'explicit-identifier'
  | 'integer'
  | 'text'
  | 'end'
  | 'invalid';

const keywordSet: ReadonlySet<string> = new Set(keywords);

export const isKeyword = (word: string): word is Keyword => keywordSet.has(word);

/** A kind of token as error messages call it. */
export const describeToken = (kind: TokenKind): string => {
  switch (kind) {
    case 'identifier':
      return 'an identifier';
    case 'explicit-identifier':
      return "an '%' identifier";
    case 'integer':
      return 'an integer';
    case 'text':
      return 'a string literal';
    case 'end':
      return 'eof';
    case '->':
    case '*':
    case '@':
    case '/':
    case '+':
    case '-':
      return `\`${kind}\``;
    default:
      return isKeyword(kind) ? `keyword \`${kind}\`` : `'${kind}'`;
  }
};
