/** Strings: positions count UTF-16 units, as in JavaScript. */
import { family } from './define.ts';
import { convertRows } from './strings/convert.ts';
import { searchRows } from './strings/search.ts';
import { textRows } from './strings/text.ts';

export const stringBuiltins = family('strings', [...textRows, ...searchRows, ...convertRows]);
