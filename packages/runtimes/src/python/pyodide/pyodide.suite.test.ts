// The shared suite of all runtimes, for Python in Pyodide.
import { pythonFixtures } from '../../testing/fixtures/python.ts';
import { testRuntime } from '../../testing/test-runtime.ts';
import { createPyodideRuntime } from './pyodide.ts';
import { describePyodide } from './testing.ts';

describePyodide('shared suite', () => {
  testRuntime('pyodide', () => createPyodideRuntime(), pythonFixtures);
});
