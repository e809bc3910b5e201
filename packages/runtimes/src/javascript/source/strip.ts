// Strips types as Node does, with the errors of this runtime.
import { placeOf, stripTypes } from '../../threads/strip.ts';
import { brokenTypes, type StripTypes } from './parse.ts';

export const stripAsNode: StripTypes = (text, path) => {
  try {
    return stripTypes(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const refused = 'code' in error && error.code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX';
    throw brokenTypes(path, error.message, refused, placeOf(error));
  }
};
