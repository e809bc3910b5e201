// What wasm-tools puts before an error in a folder: which part of the folder it was reading.
import type { WitError } from '../errors.ts';
import type { WitCase } from './cases.ts';

/** The start of the rendered error of a case. */
export const prefixOf = ({ isFolder, path, load }: WitCase, { origin }: WitError): string => {
  if (!isFolder) return '';
  const start = `failed to resolve directory while parsing WIT for path [${path}]: `;
  if (origin?.stage !== 'package') return start;
  if (origin.group === 0) return `${start}failed to parse package: ${path}: `;
  const inside = `${start}failed to parse dependency directory: ${path}/deps: `;
  const place = load().places[origin.group - 1];
  return place?.isFolder === true ? `${inside}failed to parse package: ${place.path}: ` : inside;
};
