// The languages of the edge: those that run in the Worker itself, all sandboxed, and what becomes of the others.
import type { Runtime } from '@pypes/contract';
import { createInlineJavascript } from '@pypes/runtimes/javascript-inline';
import { createLispyRuntime } from '@pypes/runtimes/lispy';
import { createInlineLua } from '@pypes/runtimes/lua-inline';
import { createRemoteRuntime, type RemoteLanguage } from '@pypes/runtimes/remote';
import { createMissingRuntime } from './missing.ts';
import type { EdgeModules } from './modules.ts';
import type { WorkerSettings } from './settings.ts';

export type EdgeRuntimes = {
  readonly runtimes: readonly Runtime[];
  /** Where the endpoint that runs the other languages asks the contexts of its calls; absent where there is none. */
  readonly ask?: (request: Request) => Promise<Response>;
};

const HERE = ['lispy', 'javascript', 'lua'] as const;

const ELSEWHERE: readonly RemoteLanguage[] = [
  { name: 'python', extensions: ['.py'] },
  { name: 'component', extensions: ['.wasm'], companions: ['.wit'] },
];

/** Of what really runs: what healthz declares. */
export function namesOfLanguages({ remote }: Pick<WorkerSettings, 'remote'>): readonly string[] {
  return remote === undefined ? HERE : [...HERE, ...ELSEWHERE.map(({ name }) => name)];
}

/** New ones, that share nothing with others. */
export function createEdgeRuntimes(modules: EdgeModules, { remote }: Pick<WorkerSettings, 'remote'>): EdgeRuntimes {
  const here = [createLispyRuntime(), createInlineJavascript(modules), createInlineLua()];
  if (remote === undefined) return { runtimes: [...here, createMissingRuntime(HERE)] };
  const { runtimes, ask } = createRemoteRuntime({
    endpoint: remote.url,
    key: remote.key,
    languages: ELSEWHERE,
    callback: `${remote.callback}/api/remote/ask`,
    fetch: (address, init) => fetch(address, init),
  });
  return { runtimes: [...here, ...runtimes], ask };
}
