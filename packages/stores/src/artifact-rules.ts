// What every artifact store asks of a path: it leads downwards, and means one file on every system that unpacks it.
import { PypesError } from '@pypes/contract';

const LONGEST_PATH = 1_024;

/** @throws PypesError `invalid_request` */
export function checkArtifactPath(path: string): void {
  const problem = problemOf(path);
  if (problem === undefined) return;
  throw new PypesError(
    'invalid_request',
    `${JSON.stringify(path.slice(0, 100))} is no path of a file in a bundle: it ${problem}`,
  );
}

/** It becomes a header of an answer. @throws PypesError `invalid_request` */
export function checkMediaType(mediaType: string): void {
  if (/^[\x20-\x7e]{1,255}$/.test(mediaType)) return;
  throw new PypesError('invalid_request', `${JSON.stringify(mediaType.slice(0, 100))} is no media type of a file`);
}

function problemOf(path: string): string | undefined {
  if (path === '' || path.length > LONGEST_PATH) return `has to have 1 to ${LONGEST_PATH} characters`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f\\]/.test(path) || !path.isWellFormed()) {
    return 'has a backslash, a control character or half a character';
  }
  const isBad = (part: string) => part === '' || part === '.' || part === '..';
  return path.split('/').some(isBad) ? 'has an empty part, "." or ".."' : undefined;
}
