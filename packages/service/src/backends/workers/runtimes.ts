// The languages of the edge: those that run in the Worker itself, all sandboxed, and what becomes of the others.
import type { Runtime } from '@pypes/contract';
import {
  createInlineComponents,
  createLoaderIsolates,
  createTranspiler,
  type WorkerLoader,
} from '@pypes/runtimes/component-inline';
import { createInlineJavascript } from '@pypes/runtimes/javascript-inline';
import { createLispyRuntime } from '@pypes/runtimes/lispy';
import { createInlineLua } from '@pypes/runtimes/lua-inline';
import { createRemoteRuntime, type RemoteLanguage } from '@pypes/runtimes/remote';
import { COMPATIBILITY_DATE } from './compatibility-date.ts';
import { createMissingRuntime } from './missing.ts';
import type { EdgeModules } from './modules.ts';
import type { WorkerSettings } from './settings.ts';

export type EdgeRuntimes = {
  readonly runtimes: readonly Runtime[];
  /** Where the endpoint that runs the other languages asks the contexts of its calls; absent where there is none. */
  readonly ask?: (request: Request) => Promise<Response>;
};

/** What the languages here are made from. */
export type EdgeSurroundings = Pick<WorkerSettings, 'remote'> & {
  /** Starts isolates; where there is none, components run elsewhere or not at all. */
  readonly loader?: WorkerLoader | undefined;
};

const ALWAYS = ['lispy', 'javascript', 'lua'] as const;

const PYTHON: RemoteLanguage = { name: 'python', extensions: ['.py'] };
const COMPONENT: RemoteLanguage = { name: 'component', extensions: ['.wasm'], companions: ['.wit'] };

/** Of what really runs: what healthz declares. */
export function namesOfLanguages({ remote, loader }: EdgeSurroundings): readonly string[] {
  const here = loader === undefined ? ALWAYS : [...ALWAYS, 'component'];
  return remote === undefined ? here : [...ALWAYS, 'python', 'component'];
}

/** New ones, that share nothing with others. */
export function createEdgeRuntimes(modules: EdgeModules, { remote, loader }: EdgeSurroundings): EdgeRuntimes {
  const components = createComponents(modules, loader);
  const here = [createLispyRuntime(), createInlineJavascript(modules), createInlineLua(), ...components];
  if (remote === undefined) return { runtimes: [...here, createMissingRuntime(here)] };
  const { runtimes, ask } = createRemoteRuntime({
    endpoint: remote.url,
    key: remote.key,
    languages: components.length > 0 ? [PYTHON] : [PYTHON, COMPONENT],
    callback: `${remote.callback}/api/remote/ask`,
    fetch: (address, init) => fetch(address, init),
  });
  return { runtimes: [...here, ...runtimes], ask };
}

function createComponents({ components }: EdgeModules, loader: WorkerLoader | undefined): readonly Runtime[] {
  if (components === undefined || loader === undefined) return [];
  const { createTool, modules, guest } = components;
  const isolates = createLoaderIsolates({ loader, guest, compatibilityDate: COMPATIBILITY_DATE });
  return [createInlineComponents({ transpile: createTranspiler(createTool, modules), isolates })];
}
