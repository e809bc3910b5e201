// Characters, names, numbers, strings and comments.
import { describe, expect, it } from 'vitest';
import { errorOf, parseInterface, parseOne } from '../testing/parse-one.ts';
import { readTokens } from './lexer.ts';

const kindsOf = (text: string) => readTokens({ path: 'x', text }).kinds;

describe('tokens', () => {
  it.each([
    ['a-b: func(%type);', ['identifier', ':', 'func', '(', 'explicit-identifier', ')', ';', 'end']],
    [
      '-> - -a 1a % error-context',
      ['->', '-', '-', 'identifier', 'integer', 'identifier', 'explicit-identifier', 'error-context', 'end'],
    ],
    ['/* a /* b */ c */ @ // x', ['@', 'end']],
    ['"a\\"b" + _', ['text', '+', '_', 'end']],
    ['a $', ['identifier', 'invalid']],
    ['\ufeffworld', ['world', 'end']],
  ])('of %j', (text, kinds) => expect(kindsOf(text)).toEqual(kinds));

  it('fails for what cannot be read only when it is reached', () => {
    expect(errorOf('package a:b; nope $').message).toBe('expected `world`, `interface` or `use`, found an identifier');
    expect(errorOf('package a:b; $').message).toBe("unexpected character '$'");
  });
});

describe('characters that are refused wherever they stand', () => {
  it.each([
    ['\u202a', "Input contains bidirectional override codepoint EscapeUnicode(EscapeIterInner('\\u{202a}'))"],
    ['\u0149', "Codepoint EscapeUnicode(EscapeIterInner('\\u{149}')) is discouraged by Unicode"],
    ['\u0007', "Control code '\\u{7}'"],
    ['\u0085', "Control code '\\u{85}'"],
  ])('%j', (character, message) => expect(errorOf(`package a:b; // ${character}`).message).toBe(message));

  it.each([
    ['\r', "unexpected character '\\r'"],
    ['\ufeff', "unexpected character '\\u{feff}'"],
    ['\u0301', "unexpected character '\\u{301}'"],
    ['😼', "unexpected character '😼'"],
    ["'", "unexpected character '\\''"],
  ])('and elsewhere: %j', (character, message) => expect(errorOf(`package a:b; ${character}`).message).toBe(message));
});

describe('names', () => {
  it.each(['a', 'A', 'a-1', 'a-1B-c', 'ENOENT', 'is-XML', 'a0-000-3d4a-54FF', '%type', '%constructor'])(
    'accepts %s',
    (name) => {
      expect(Object.keys(parseInterface(`type ${name} = u8;`).interfaces[0]!.types)).toEqual([name.replace('%', '')]);
    },
  );

  it.each([
    ['aB', "invalid character in identifier 'B'"],
    ['Ab', "invalid character in identifier 'b'"],
    ['a_b', "invalid character in identifier '_'"],
    ['é', "invalid character in identifier 'é'"],
    ['a-é', "invalid character in identifier 'é'"],
    ['a-', "identifiers must have characters between '-'s"],
    ['a--b', "identifiers must have characters between '-'s"],
    ['%', "identifiers must have characters between '-'s"],
    ['_', 'expected an identifier or string, found keyword `_`'],
    ['-a', 'expected an identifier or string, found `-`'],
    ['1a', 'expected an identifier or string, found an integer'],
    ['list', 'expected an identifier or string, found keyword `list`'],
  ])('refuses %s', (name, message) =>
    expect(errorOf(`package a:b; interface i { type ${name} = u8; }`).message).toBe(message),
  );

  it('cannot break the objects that they become keys of', () => {
    const { interfaces, worlds } = parseOne(
      'package a:b; interface %constructor { %constructor: func(); } world value-of { import %constructor; import to-string: func(); }',
    );
    expect(Object.hasOwn(interfaces[0]!.functions, 'constructor')).toBe(true);
    expect(Object.keys(worlds[0]!.imports)).toEqual(['interface-0', 'to-string']);
  });

  it('cannot pass for an interface', () => {
    const text = 'package a:b; interface i {} world w { import i; import interface-0: func(); }';
    expect(errorOf(text).message).toBe('name `interface-0` cannot be told from an interface');
  });
});

describe('comments', () => {
  it.each([
    ['/// one\n/// two', 'one\ntwo'],
    ['//   indented\n// less', '  indented\nless'],
    ['/// code:\n///   x\n///', 'code:\n  x'],
    ['/** block */', 'block'],
    ['/**\n * star\n */', '\n * star'],
    ['/* plain */', '* plain */'],
    ['/**/', ''],
    ['//', ''],
    ['/// a\r\n/// b', 'a\nb'],
  ])('document what follows: %j', (comment, contents) => {
    expect(parseOne(`package a:b;\n${comment}\ninterface i {}`).interfaces[0]!.docs).toEqual({ contents });
  });

  it('go with functions, types, fields, cases, members and packages', () => {
    const { types, interfaces, packages } = parseOne(`/// p
package a:b;
interface i {
  /// f
  f: func();
  /// r
  record r { /// a
    a: u8, b: u8 }
  enum e { /// x
    x }
}`);
    expect(packages[0]!.docs).toEqual({ contents: 'p' });
    expect(interfaces[0]!.functions.f!.docs).toEqual({ contents: 'f' });
    expect(types[0]).toMatchObject({
      docs: { contents: 'r' },
      kind: { record: { fields: [{ docs: { contents: 'a' } }, { name: 'b' }] } },
    });
    expect(types[1]!.kind).toEqual({ enum: { cases: [{ name: 'x', docs: { contents: 'x' } }] } });
  });

  it('go with imports by name of an interface, not with what these need', () => {
    const { worlds } = parseOne(`package a:b;
interface i { type t = u8; }
interface j { use i.{t}; }
world w {
  // why
  import j;
}`);
    expect(worlds[0]!.imports).toEqual({
      'interface-0': { interface: { id: 0 } },
      'interface-1': { interface: { id: 1, docs: { contents: 'why' } } },
    });
  });

  it.each(['/*', '/* /* */', '/**x/'])('have to end: %s', (text) => {
    expect(errorOf(`package a:b; ${text}`).message).toBe('unterminated block comment');
  });
});

describe('strings', () => {
  const withText = (text: string) => `package a:b; @external-id("${text}") interface i {}`;
  it.each([
    ['plain é 😼', 'plain é 😼'],
    ['\\t\\n\\r\\"\\\'\\\\', '\t\n\r"\'\\'],
    ['\\u{1f63c}\\u{0_41}', '😼A'],
    ['\\c3\\a9', 'é'],
    ['', ''],
  ])('%j', (text, value) => expect(parseOne(withText(text)).interfaces[0]).toHaveProperty('external_id', value));

  it.each([
    ['\\q', "invalid string escape 'q'"],
    ['\\ff', 'invalid UTF-8: invalid utf-8 sequence of 1 bytes from index 0'],
    ['a\\c3', 'invalid UTF-8: incomplete utf-8 byte sequence from index 1'],
    ['\\e2\\82x', 'invalid UTF-8: invalid utf-8 sequence of 2 bytes from index 0'],
    ['\\u{110000}', 'invalid unicode value 0x110000'],
    ['\\u{d800}', 'invalid unicode value 0xd800'],
    ['\\u{fffffffff}', 'number is too big to fit in a u32'],
    ['\\u{1_}', 'trailing underscore in number'],
    ['\\u{}', "invalid hex digit '}'"],
    ['\\ux', "expected character '{'"],
    ['\n', "invalid string character '\\n'"],
  ])('refuses %j', (text, message) => expect(errorOf(withText(text)).message).toBe(message));

  it('have to end', () => expect(errorOf('package a:b; "').message).toBe('unexpected end of file'));
});
