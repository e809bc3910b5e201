// The languages of this machine: what each says of itself, and how it is loaded.
import { join } from 'node:path';
import type { Runtime } from '@pypes/contract';
import { endingsIn } from './early.ts';
import { type AboutRuntime, lazyRuntime } from './lazy-runtime.ts';

const SANDBOXED = { sandboxed: true, interruptible: true, context: true };
const TRUSTED = { ...SANDBOXED, sandboxed: false };
const PYTHON = { name: 'python', extensions: ['.py'] };
const JAVASCRIPT = { name: 'javascript', extensions: ['.js', '.mjs', '.ts'] };

type Language = {
  readonly about: AboutRuntime;
  /** `isExpected`: a file is about to come. */
  readonly make: (root: string, isExpected: boolean) => Promise<Runtime>;
  /** Its first process takes longer to start than all else. */
  readonly isSlow?: boolean;
};

export const NODE_LANGUAGES: readonly Language[] = [
  {
    about: { name: 'lispy', extensions: ['.lispy', '.lisp'], capabilities: SANDBOXED },
    make: async () => (await import('@pypes/runtimes/lispy')).createLispyRuntime(),
  },
  {
    about: { name: 'lua', extensions: ['.lua'], capabilities: SANDBOXED },
    make: async () => (await import('@pypes/runtimes/lua')).createLuaRuntime(),
  },
  {
    about: { ...JAVASCRIPT, capabilities: TRUSTED },
    make: async () => (await import('@pypes/runtimes/javascript')).createJavascriptRuntime(),
  },
  {
    about: { ...JAVASCRIPT, capabilities: SANDBOXED },
    make: async () => (await import('@pypes/runtimes/javascript')).createJavascriptSandbox(),
  },
  {
    about: { ...PYTHON, capabilities: TRUSTED },
    make: async (_root, startsEarly) => (await import('@pypes/runtimes/python')).createPythonRuntime({ startsEarly }),
    isSlow: true,
  },
  {
    about: { ...PYTHON, capabilities: SANDBOXED },
    make: async () => (await import('./strangers-python.ts')).createStrangersPython(),
  },
  {
    about: { name: 'component', extensions: ['.wasm'], companions: ['.wit'], capabilities: SANDBOXED },
    make: async (root) => {
      const { createComponentRuntime } = await import('@pypes/runtimes/component');
      return createComponentRuntime({ cacheFolder: join(root, 'cache', 'components') });
    },
  },
  {
    about: { name: 'executable', extensions: [], capabilities: { ...TRUSTED, context: false } },
    make: async () => (await import('@pypes/runtimes/executable')).createExecutableRuntime(),
  },
];

/**
 * Every language of this machine; what is kept for them lies below `root`. Those that take long to start do so at once
 * where one of `folders` has a file of theirs.
 */
export function createNodeRuntimes(root: string, folders: readonly string[]): readonly Runtime[] {
  const endings = endingsIn(folders);
  return NODE_LANGUAGES.map((language) => {
    const { extensions, capabilities } = language.about;
    const isExpected = !capabilities.sandboxed && extensions.some((extension) => endings.has(extension));
    return lazily(language, root, language.isSlow === true && isExpected);
  });
}

/** Those in which a stranger's file can run. */
export function createSandboxedRuntimes(root: string): readonly Runtime[] {
  return NODE_LANGUAGES.filter(({ about }) => about.capabilities.sandboxed).map((language) =>
    lazily(language, root, false),
  );
}

function lazily({ about, make }: Language, root: string, isExpected: boolean): Runtime {
  return lazyRuntime(about, () => make(root, isExpected), isExpected);
}
