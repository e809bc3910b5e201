// A runtime that is loaded with the first file of its language: whoever needs one language waits for no other. Where
// such a file is known to come, it is loaded before that.
import type { Runtime } from '@pypes/contract';

/** What a runtime says of itself, known before it is loaded. */
export type AboutRuntime = Pick<Runtime, 'name' | 'extensions' | 'companions' | 'capabilities'>;

/** With `isExpected`, it is made at once. */
export function lazyRuntime(about: AboutRuntime, make: () => Promise<Runtime>, isExpected = false): Runtime {
  let made = isExpected ? make() : undefined;
  // Whoever loads a file hears of it.
  made?.catch(() => undefined);
  return {
    ...about,
    async load(file, limits) {
      made ??= make();
      return (await made).load(file, limits);
    },
    async close() {
      await (await made)?.close();
    },
  };
}
