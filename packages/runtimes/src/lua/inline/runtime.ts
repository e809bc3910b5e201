// Lua at the edge: the same programs and the same prelude as elsewhere, in a virtual machine of plain JavaScript.
import type { Runtime, SourceFile } from '@pypes/contract';
import { createEngineStore } from '../../inline/engines.ts';
import { createInlineRuntime, type InlineOptions } from '../../inline/runtime.ts';
import { createLuaLanguage } from '../guest/language.ts';
import { readLuaFile } from '../read.ts';
import { openMachine } from './machine.ts';

const MEBIBYTE = 1024 * 1024;
/** Compiled, a text takes up to a hundred times its size. */
const MOST_SOURCE_BYTES = 256 * 1024;

/** An isolate at the edge has 128 MiB. */
const DEFAULTS: Required<InlineOptions> = { calls: 4, guestBytes: 32 * MEBIBYTE, cpuMs: 5_000 };

/** For all the packs whose objects live in one isolate. */
const createEngines = createEngineStore(8);

/**
 * The runtime of `.lua` files where there is neither Node nor a thread. Lua 5.3 with integers of 32 bits, where the
 * others have 5.4 with 64 (docs/decisions/041).
 *
 * @example
 * const runtime = createInlineLua();
 */
export function createInlineLua(options: InlineOptions = {}): Runtime {
  return createInlineRuntime({
    name: 'lua',
    extensions: ['.lua'],
    language: createLuaLanguage(openMachine),
    options: { ...DEFAULTS, ...options },
    createEngines,
    read: (file: SourceFile) => readLuaFile(file, MOST_SOURCE_BYTES),
  });
}
