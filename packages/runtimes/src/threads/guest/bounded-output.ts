// A result as JSON text of bounded size.
import { OutputError } from './failure.ts';
import { JsonText } from './language.ts';
import { toOutput } from './output.ts';

/** @throws OutputError `invalid_output`, `output_too_large` */
export function toBoundedOutput(value: unknown, bytes: number): string {
  const text = value instanceof JsonText ? value.text : toOutput(value);
  if (text.length <= bytes / 3 || utf8Length(text) <= bytes) return text;
  throw new OutputError('output_too_large', `The result has more than ${bytes} bytes`);
}

/** Without a copy of the text; half a pair of surrogates counts as the character that replaces it. */
function utf8Length(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) continue;
    bytes += unit < 0x800 ? 1 : 2;
    if (unit < 0xd800 || unit > 0xdbff) continue;
    const next = text.charCodeAt(at + 1);
    if (next >= 0xdc00 && next <= 0xdfff) at++;
  }
  return bytes;
}
