// How names of a source are spelled in a target: letters it takes, none of its words, none of the prelude's names.

/** A spelling in letters, digits and `_`; helpers begin with `_`, so that no name of a program may. */
export function spellName(words: ReadonlySet<string>): (name: string) => string {
  return (name) => {
    let spelled = name
      .replace(/->/g, '_to_')
      .replace(/[?]$/, '_p')
      .replace(/[^A-Za-z0-9_]/g, '_');
    if (/^[0-9]/.test(spelled) || spelled === '') spelled = `n${spelled}`;
    if (spelled.startsWith('_')) spelled = `u${spelled}`;
    return words.has(spelled) ? `${spelled}_` : spelled;
  };
}

export const PYTHON_WORDS: ReadonlySet<string> = new Set(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield match case type abs any all bool bytes callable chr dict float format int isinstance len list max min ord range repr set sorted str sum tuple ValueError OverflowError UnicodeDecodeError ZeroDivisionError complex AGENT run context'.split(
    ' ',
  ),
);

export const JAVASCRIPT_WORDS: ReadonlySet<string> = new Set(
  'arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof undefined var void while with yield Array BigInt Boolean Error Infinity JSON Map Math NaN Number Object String Symbol TextDecoder TextEncoder Uint8Array DataView ArrayBuffer globalThis process console AGENT run context args'.split(
    ' ',
  ),
);

export const LUA_WORDS: ReadonlySet<string> = new Set(
  'and break do else elseif end false for function goto if in local nil not or repeat return then true until while math string table utf8 type pairs ipairs next tonumber tostring setmetatable getmetatable error select rawget rawset pcall print AGENT run context args arg'.split(
    ' ',
  ),
);
