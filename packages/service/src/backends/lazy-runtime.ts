// A runtime that is loaded with the first file of its language: whoever needs one language waits for no other.
import type { Runtime } from '@pypes/contract';

/** What a runtime says of itself, known before it is loaded. */
export type AboutRuntime = Pick<Runtime, 'name' | 'extensions' | 'companions' | 'capabilities'>;

export function lazyRuntime(about: AboutRuntime, make: () => Promise<Runtime>): Runtime {
  let made: Promise<Runtime> | undefined;
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
