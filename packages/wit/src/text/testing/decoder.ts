// Decodes packages that come as binaries or as their text, by what the folder beside this one has for its tests.

import { decodeWitPackage } from '../../binary/index.ts';
import { makeEach } from '../../binary/testing/tools.ts';
import type { ResolvedWit } from '../../resolved.ts';

export const decodePackage = (bytes: Uint8Array): ResolvedWit => {
  const isBinary = bytes[0] === 0;
  return decodeWitPackage(isBinary ? bytes : makeEach([{ make: 'binary', wat: new TextDecoder().decode(bytes) }])[0]!)
    .resolved;
};
