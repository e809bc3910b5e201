// The Python runtime for files of others where there is no bubblewrap: Pyodide in workerd, a process for each file and user.
import type { Runtime } from '@pypes/contract';
import { createRuntimeOn } from '../runtime.ts';
import { createPyodideMachine } from './machine.ts';
import { type PyodideOptions, toPyodideSettings } from './options.ts';

/**
 * Runs `.py` files of anybody in CPython compiled to WebAssembly, inside a workerd process without network, disk and
 * bindings. A process never serves two users or two versions of a file; each starts from a snapshot that has seen
 * neither. Slower than bubblewrap's sandbox, and the standard library is all there is: the choice where that one does
 * not work. Where workerd is missing, `load` fails with `agent_broken` and says what to do.
 *
 * @example
 * const runtime = createPyodideRuntime();
 * const [agent] = await runtime.load(file, DEFAULT_LIMITS);
 * await agent?.run(context, { city: 'Oslo' });
 * await runtime.close();
 */
export function createPyodideRuntime(options: PyodideOptions = {}): Runtime {
  const settings = toPyodideSettings(options);
  return createRuntimeOn(() => createPyodideMachine(settings), true);
}
