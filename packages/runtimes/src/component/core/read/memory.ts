// Whether the memory and the tables of a core module can be bounded (component/memory.ts does it).
import { MEMORY_EXPORT } from '../abi.ts';
import { CoreModuleError } from './errors.ts';
import type { CoreModule } from './module.ts';

const PAGE = 65_536;
const SHARED = 2;
const WIDE = 4;
const KNOWN_FLAGS = 1;
const MOST_TABLES = 16;
/** Of all tables together. An entry costs the engine a few words. */
const MOST_ENTRIES = 100_000;

/** @throws CoreModuleError */
export function checkMemory({ memories, tables }: CoreModule, bytes: number): void {
  const [memory, ...further] = memories;
  if (memory === undefined)
    throw new CoreModuleError(`The module has no memory; define one and export it as "${MEMORY_EXPORT}"`);
  if (further.length > 0) throw new CoreModuleError(`The module has ${memories.length} memories, it may have one`);
  const { flags, minimum } = memory;
  if ((flags & SHARED) !== 0) throw new CoreModuleError('The memory of the module is shared; build it without threads');
  if ((flags & WIDE) !== 0)
    throw new CoreModuleError('The memory of the module has 64-bit addresses; build it for wasm32');
  if ((flags & ~KNOWN_FLAGS) !== 0)
    throw new CoreModuleError('The memory of the module has pages of another size than 64 KiB');
  const most = Math.floor(bytes / PAGE);
  if (minimum > most) {
    throw new CoreModuleError(`The module begins with ${minimum} pages of memory, at most ${most} are allowed`);
  }
  if (tables.length > MOST_TABLES) {
    throw new CoreModuleError(`The module has ${tables.length} tables, at most ${MOST_TABLES} are allowed`);
  }
  const entries = tables.reduce((sum, table) => sum + table.minimum, 0);
  if (entries > MOST_ENTRIES) {
    throw new CoreModuleError(
      `The tables of the module begin with ${entries} entries, at most ${MOST_ENTRIES} are allowed`,
    );
  }
}
