// Resolves a case as wasm-tools' own tests do.
import type { ResolvedWit } from '../../resolved.ts';
import { parseWit } from '../parse-wit.ts';
import type { WitCase } from './cases.ts';
import { decodePackage } from './decoder.ts';

// The features that the tests of wasm-tools turn on.
const features = ['active', 'active1', 'active2'];

export const resolveCase = (test: WitCase): ResolvedWit => {
  const { sources, dependencies } = test.load();
  const [only] = dependencies;
  // A case that is nothing but a binary has no text to parse.
  if (sources.length === 0 && only !== undefined && 'bytes' in only) return decodePackage(only.bytes);
  return parseWit(sources, { dependencies, features, decodePackage });
};
