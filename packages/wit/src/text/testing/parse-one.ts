// Short ways to parse one text in tests.
import type { ResolvedWit } from '../../resolved.ts';
import { WitError } from '../errors.ts';
import { type ParseWitOptions, parseWit } from '../parse-wit.ts';

export const parseOne = (text: string, options: ParseWitOptions = {}): ResolvedWit =>
  parseWit([{ path: 'test.wit', text }], options);

/** What is between the braces of one interface. */
export const parseInterface = (items: string): ResolvedWit => parseOne(`package a:b;\ninterface i { ${items} }`);

/** The error of a text that has to have one. */
export const errorOf = (text: string, options: ParseWitOptions = {}): WitError => {
  try {
    parseOne(text, options);
  } catch (error) {
    if (error instanceof WitError) return error;
    throw error;
  }
  throw new Error(`Expected an error of ${text}`);
};
