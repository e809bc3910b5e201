// The shared suite, for core modules: assembled from their text on the way in.
import type { Runtime } from '@pypes/contract';
import { testRuntime } from '../../testing/test-runtime.ts';
import { createComponentRuntime } from '../index.ts';
import { assemble } from './testing/assemble.ts';
import { coreFixtures } from './testing/fixtures.ts';

/** A runtime of modules in text form. */
function assembling(runtime: Runtime): Runtime {
  return {
    ...runtime,
    load: async (file, limits) =>
      runtime.load({ ...file, bytes: await assemble(new TextDecoder().decode(file.bytes)) }, limits),
  };
}

testRuntime('core module', () => assembling(createComponentRuntime()), coreFixtures);
