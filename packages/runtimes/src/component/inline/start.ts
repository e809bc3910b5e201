// Has a module run its start function when it is told to: while it is instantiated, nobody could give it fuel, or see
// that it has none left.
import { PypesError } from '@pypes/contract';
import { createReader, joinBytes, readSections } from '../read/bytes.ts';

/** The export that the start function becomes. */
export const START_EXPORT = 'pypes:start';

const EXPORTS = 7;
const START = 8;
const FUNCTION = 0;

/**
 * The module with its start function as an export; as it is where it has none, or exports nothing, as a metered module
 * does not.
 */
export function deferStart(module: Uint8Array<ArrayBuffer>, path: string): Uint8Array<ArrayBuffer> {
  const cut = (): never => {
    throw new PypesError('agent_broken', 'A core module of the component is cut off', { details: { file: path } });
  };
  const sections = readSections(module, cut);
  const start = sections.find(({ id }) => id === START);
  const exports = sections.find(({ id }) => id === EXPORTS);
  if (start === undefined || exports === undefined) return module;
  const reader = createReader(module.subarray(exports.start, exports.end), cut);
  const count = reader.leb();
  const items = module.subarray(exports.start + reader.at, exports.end);
  const name = new TextEncoder().encode(START_EXPORT);
  const index = module.subarray(start.start, start.end);
  const body = [leb(count + 1), items, leb(name.length), name, Uint8Array.of(FUNCTION), index];
  const size = body.reduce((sum, { length }) => sum + length, 0);
  return joinBytes([
    module.subarray(0, exports.from),
    Uint8Array.of(EXPORTS),
    leb(size),
    ...body,
    module.subarray(exports.end, start.from),
    module.subarray(start.end),
  ]);
}

function leb(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest % 128) | 0x80);
  }
}
