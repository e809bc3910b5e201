// The shared suite, for executables.
import { executableFixtures } from '../testing/fixtures/executable.ts';
import { testRuntime } from '../testing/test-runtime.ts';
import { createExecutableRuntime } from './index.ts';

testRuntime('executable', () => createExecutableRuntime(), executableFixtures);
