// Text literals that every target reads back as the same text.

/** In double quotes; everything outside printable ASCII and common letters is escaped by `spell`. */
export function quote(value: string, spell: (code: number) => string): string {
  let out = '';
  for (const char of value) {
    const code = char.codePointAt(0) ?? 0;
    if (char === '"' || char === '\\') out += `\\${char}`;
    else if (char === '\n') out += '\\n';
    else if (char === '\t') out += '\\t';
    else if (char === '\r') out += '\\r';
    else if (code < 32 || (code >= 127 && !/[\p{L}\p{N}\p{P}\p{S}]/u.test(char)) || code === 0xfeff) out += spell(code);
    else out += char;
  }
  return `"${out}"`;
}

/** `\\u00e9`, and two of them beyond the first plane, as JSON and JavaScript write them. */
export function unitEscapes(code: number): string {
  return [...Array(String.fromCodePoint(code).length).keys()]
    .map((at) => `\\u${String.fromCodePoint(code).charCodeAt(at).toString(16).padStart(4, '0')}`)
    .join('');
}
