// The format `url`, in linear time: the expression of ajv-formats tries each "@" with each ":" before it.
import { fullFormats } from 'ajv-formats/dist/formats.js';

/** User and password, which may end at any "@". */
const USER = '(?:\\S+(?::\\S*)?@)?';

const { source, flags } = fullFormats.url as RegExp;
const [scheme, host] = source.split(USER);
if (scheme === undefined || host === undefined) throw new Error('ajv-formats has another expression for "url"');
const SCHEME = new RegExp(scheme, flags);
const HOST = new RegExp(`^${host}`, flags);

/**
 * Decides as the format of ajv-formats does.
 *
 * @example
 * isUrl('https://ann@example.com/x'); // true
 */
export function isUrl(text: string): boolean {
  const [begin] = SCHEME.exec(text) ?? [];
  if (begin === undefined || /\s/.test(text)) return false;
  const rest = text.slice(begin.length);
  if (HOST.test(rest)) return true;
  for (let at = rest.indexOf('@', 1); at !== -1; at = rest.indexOf('@', at + 1)) {
    if (HOST.test(rest.slice(at + 1))) return true;
  }
  return false;
}
