// The shared suite of all runtimes, for Python in the sandbox.
import { pythonFixtures } from '../../testing/fixtures/python.ts';
import { testRuntime } from '../../testing/test-runtime.ts';
import { createPythonSandbox } from './sandbox.ts';
import { describeSandbox } from './testing.ts';

describeSandbox('shared suite', () => {
  testRuntime('python sandbox', () => createPythonSandbox(), pythonFixtures);
});
