// Two sides over real HTTP: a door that runs files, and a runtime that has them run there.
import { createAdaptorServer } from '@hono/node-server';
import { DEFAULT_LIMITS, type Limits, type Runtime } from '@pypes/contract';
import { createRemoteRuntime, type RemoteLanguage, type RemoteRuntime } from '@pypes/runtimes/remote';
import type { LogEntry } from '../../log.ts';
import { createRemoteDoor, type RemoteDoorOptions } from '../door.ts';

export const KEY = 'a key of two endpoints, long enough to be one';

export type PairOptions = Partial<Omit<RemoteDoorOptions, 'runtimes' | 'limits'>> & {
  readonly runtimes: readonly Runtime[];
  readonly limits?: Partial<Limits>;
  readonly languages: readonly RemoteLanguage[];
  /** False: the caller cannot be asked. */
  readonly isAsked?: boolean;
  /** What stands between the caller and the door. */
  readonly through?: (address: string, init: RequestInit) => Promise<Response>;
};

/** Both sides; everything that went between them is recorded. */
export async function startPair({ languages, isAsked = true, through = fetch, ...options }: PairOptions) {
  const sent: { readonly url: string; readonly init: RequestInit }[] = [];
  const asked: { readonly url: string; readonly init: RequestInit }[] = [];
  const logs: LogEntry[] = [];
  const door = createRemoteDoor({
    key: KEY,
    log: (entry) => logs.push(entry),
    ...options,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    fetch: (url, init) => {
      asked.push({ url, init });
      return fetch(url, init);
    },
  });
  const endpoint = await listen(door.fetch);
  const remotes: RemoteRuntime[] = [];
  const callback = await listen(async (request) => {
    for (const each of remotes) {
      const answer = await each.ask(request);
      if (answer.status !== 404) return answer;
    }
    return new Response(null, { status: 404 });
  });
  const connect = () => {
    const remote = createRemoteRuntime({
      endpoint: endpoint.url,
      key: KEY,
      languages,
      fetch: (url, init) => {
        sent.push({ url, init });
        return through(url, init);
      },
      ...(isAsked ? { callback: `${callback.url}/api/remote/ask` } : {}),
    });
    remotes.push(remote);
    return remote;
  };
  const remote = connect();
  return {
    door,
    remote,
    /** Another runtime over the same two servers. */
    connect,
    endpoint: endpoint.url,
    callback: callback.url,
    sent,
    asked,
    logs,
    async close() {
      await door.close();
      await Promise.all([endpoint.close(), callback.close()]);
    },
  };
}

/** A server on a free port of this machine. */
export async function listen(handle: (request: Request) => Response | Promise<Response>) {
  const server = createAdaptorServer({ fetch: handle, hostname: '127.0.0.1' }) as import('node:http').Server;
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
