// Runtimes whose files run at another endpoint, while their contexts stay here.
import { type LoadedAgent, PypesError, type Runtime } from '@pypes/contract';
import { importRemoteKey } from '@pypes/contract/remote';
import { createAskDoor } from './ask.ts';
import { createRemoteCalls } from './calls.ts';
import { createRemoteClient } from './client.ts';
import { loadRemotely } from './load.ts';
import type { RemoteLanguage, RemoteOptions } from './options.ts';
import { type RemoteRunParts, runRemotely } from './run.ts';
import { readRemoteSource } from './source.ts';

export interface RemoteRuntime {
  /** One for each language. */
  readonly runtimes: readonly Runtime[];
  /** Answers `POST /api/remote/ask/{call id}`, with which guests there ask their contexts here. Never rejects. */
  ask(request: Request): Promise<Response>;
}

const LOAD_MS = 30_000;
const WINDOW_MS = 60_000;

/**
 * Languages that this host lacks, at an endpoint that has them (docs/guide/remote.md). Each call is sent there signed;
 * what its guest asks of its context comes back to `callback` and is performed by the call's own context, so that this
 * host's guard, grants and memory decide. A file's bytes stay here as long as it is loaded: the other side may forget it.
 *
 * @throws PypesError `invalid_request` where the key is too short
 * @example
 * const remote = createRemoteRuntime({
 *   endpoint: 'https://functions.example.com',
 *   key: environment.PYPES_REMOTE_KEY,
 *   callback: 'https://edge.example.com/api/remote/ask',
 *   languages: [{ name: 'python', extensions: ['.py'] }, { name: 'component', extensions: ['.wasm'], companions: ['.wit'] }],
 *   fetch: (address, init) => fetch(address, init),
 * });
 * const host = createHost({ ...options, runtimes: [...here, ...remote.runtimes] });
 * const service = createService(host, { ...about, remote: remote.ask });
 */
export function createRemoteRuntime(options: RemoteOptions): RemoteRuntime {
  const { now = Date.now, newId = () => crypto.randomUUID(), windowMs = WINDOW_MS, callback } = options;
  const key = importRemoteKey(options.key);
  const calls = createRemoteCalls();
  const client = createRemoteClient({ endpoint: options.endpoint, fetch: options.fetch, key, now, newId });
  const parts: Parts = {
    client,
    calls,
    newId,
    callback: () => (typeof callback === 'function' ? callback() : callback),
    limits: options.limits ?? {},
    loadMs: options.loadMs ?? LOAD_MS,
  };
  return {
    runtimes: options.languages.map((language) => toRuntime(language, parts)),
    ask: createAskDoor({ key, calls, windowMs, now }),
  };
}

type Parts = Omit<RemoteRunParts, 'closing'> & {
  readonly limits: NonNullable<RemoteOptions['limits']>;
  readonly loadMs: number;
};

function toRuntime({ name, extensions, companions = [] }: RemoteLanguage, parts: Parts): Runtime {
  const closing = new AbortController();
  return {
    name,
    extensions,
    ...(companions.length === 0 ? {} : { companions }),
    // A door opens sandboxed runtimes alone.
    capabilities: { sandboxed: true, interruptible: true, context: true },
    async load(file, own) {
      if (closing.signal.aborted) throw closing.signal.reason;
      const limits = { ...own, ...parts.limits };
      const source = await readRemoteSource(file, companions);
      const { agents } = await loadRemotely(source, file, limits, parts);
      return agents.map(
        ({ metadata, imports }, agent): LoadedAgent => ({
          metadata,
          ...(imports === undefined ? {} : { imports }),
          run: (context, args) =>
            runRemotely({ source, agent, limits, context, args }, { ...parts, closing: closing.signal }),
          close: async () => undefined,
        }),
      );
    },
    async close() {
      closing.abort(new PypesError('unavailable', `The runtime of ${name} is closed`));
    },
  };
}
