// The shared suite of all runtimes, for Python.
import { pythonFixtures } from '../testing/fixtures/python.ts';
import { testRuntime } from '../testing/test-runtime.ts';
import { createPythonRuntime } from './runtime.ts';
import { describePython } from './testing.ts';

describePython('shared suite', () => {
  testRuntime('python', () => createPythonRuntime(), pythonFixtures);
});
