// Strangers' Python on this machine: in bubblewrap where that works, else in Pyodide, else refused with what is missing.
import type { Runtime } from '@pypes/contract';
import { createPyodideRuntime, createPythonSandbox, findBubblewrap, findWorkerd } from '@pypes/runtimes/python';

export function createStrangersPython(): Runtime {
  const sandbox = createPythonSandbox();
  let chosen: Promise<Runtime> | undefined;

  /** Without either, the sandbox itself says what to install. */
  async function choose(): Promise<Runtime> {
    if (process.env.PYPES_PYTHON_SANDBOX !== 'pyodide' && (await findBubblewrap()).works) return sandbox;
    return findWorkerd() === undefined ? sandbox : createPyodideRuntime();
  }

  return {
    name: sandbox.name,
    extensions: sandbox.extensions,
    capabilities: sandbox.capabilities,
    async load(file, limits) {
      chosen ??= choose();
      return (await chosen).load(file, limits);
    },
    async close() {
      const runtime = await chosen;
      await Promise.all([sandbox.close(), runtime === sandbox ? undefined : runtime?.close()]);
    },
  };
}
