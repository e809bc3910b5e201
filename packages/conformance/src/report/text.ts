// What somebody else's server says, in our own lines: no control characters, nothing that moves a terminal's cursor.

/** On one line, with signs in the place of what is no text. */
export function toPlainLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  return text.toWellFormed().replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, '�');
}
