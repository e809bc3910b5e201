// Strips types as Node does, with the errors of this runtime.
import { placeOf, stripTypes } from '../../threads/strip.ts';
import { type Strip, stripOwnTypes } from '../../threads/stripped.ts';
import { brokenTypes, type StripTypes } from './parse.ts';

/** For anybody's files. */
export const stripAsNode = withErrors(stripTypes);

/** For files of the operator, which are kept without their types where this process keeps its own code. */
export const stripTrusted = withErrors(stripOwnTypes);

function withErrors(strip: Strip): StripTypes {
  return (text, path) => {
    try {
      return strip(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      const refused = 'code' in error && error.code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX';
      throw brokenTypes(path, error.message, refused, placeOf(error));
    }
  };
}
