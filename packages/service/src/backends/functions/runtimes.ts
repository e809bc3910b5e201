// The languages of a function: sandboxed ones alone, each loaded with its first file, and Python where the machine has it.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Runtime } from '@pypes/contract';
import { type AboutRuntime, lazyRuntime } from '../lazy-runtime.ts';

type About = Omit<AboutRuntime, 'capabilities'>;

const SANDBOXED = { sandboxed: true, interruptible: true, context: true };

/** What each runtime says of itself, known before it is loaded. */
export const LANGUAGES = {
  lispy: {
    about: { name: 'lispy', extensions: ['.lispy', '.lisp'] },
    make: async () => (await import('@pypes/runtimes/lispy')).createLispyRuntime(),
  },
  lua: {
    about: { name: 'lua', extensions: ['.lua'] },
    make: async () => (await import('@pypes/runtimes/lua')).createLuaRuntime(),
  },
  javascript: {
    about: { name: 'javascript', extensions: ['.js', '.mjs', '.ts'] },
    make: async () => (await import('@pypes/runtimes/javascript')).createJavascriptSandbox(),
  },
  component: {
    about: { name: 'component', extensions: ['.wasm'], companions: ['.wit'] },
    make: async () => (await import('@pypes/runtimes/component')).createComponentRuntime(),
  },
  python: {
    about: { name: 'python', extensions: ['.py'] },
    make: async () => (await import('@pypes/runtimes/python')).createPythonSandbox(),
  },
} as const satisfies { readonly [name: string]: { readonly about: About; readonly make: () => Promise<Runtime> } };

/** The runtimes that really run here: what healthz declares. */
export async function createFunctionRuntimes(path = process.env.PATH ?? ''): Promise<readonly Runtime[]> {
  const { python, ...others } = LANGUAGES;
  const runtimes = Object.values(others).map(lazily);
  return (await hasPythonSandbox(path)) ? [...runtimes, lazily(python)] : runtimes;
}

/** The try itself costs a process: nobody pays for it where the programs are not there. */
async function hasPythonSandbox(path: string): Promise<boolean> {
  const folders = path.split(delimiter);
  const isThere = (program: string) => folders.some((folder) => existsSync(join(folder, program)));
  if (!isThere('python3') || !isThere('bwrap')) return false;
  const { findBubblewrap } = await import('@pypes/runtimes/python');
  return (await findBubblewrap()).works;
}

function lazily({ about, make }: { readonly about: About; readonly make: () => Promise<Runtime> }): Runtime {
  return lazyRuntime({ ...about, capabilities: SANDBOXED }, make);
}
