// The edge on a machine of one's own: the packaged Worker in workerd, its objects below a root, watched.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PypesError } from '@pypes/contract';
import { findWorkerd } from '@pypes/runtimes/python';
import { LOOPBACK_HOSTS } from '../../http/gate.ts';
import type { Logger } from '../logger.ts';
import { readWorkerSettings } from '../workers/settings.ts';
import { toEdgeConfig } from './config.ts';
import { findFreePort } from './free-port.ts';
import { holdFolder } from './hold-folder.ts';
import { createSenses } from './senses.ts';
import { startWorkerd } from './start-workerd.ts';
import type { Bounds } from './trouble.ts';
import { type WatchedEdge, watchEdge } from './watch.ts';

export type EdgeOptions = {
  /** Writes the packaged Worker, `worker.mjs` and its modules, into a folder. */
  readonly makeWorker: (folder: string) => Promise<unknown>;
  /** Below it, in `edge`, lie the Worker and its objects. */
  readonly root: string;
  readonly address: string;
  readonly port: number;
  /** Names of requests beside those of this machine. */
  readonly hosts: readonly string[];
  readonly origins: readonly string[];
  readonly environment: { readonly [name: string]: string | undefined };
  readonly bounds: Bounds;
  readonly log: Logger;
  /** What the Worker itself logs, line by line. */
  readonly onLine: (line: string) => void;
};

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '::1']);

/** @throws PypesError `invalid_request` for settings, `unavailable` where workerd is missing or the root is in use */
export async function startEdge(options: EdgeOptions): Promise<WatchedEdge> {
  const { address, log } = options;
  const workerd = findWorkerd();
  if (workerd === undefined)
    throw new PypesError(
      'unavailable',
      'workerd is not here; install it (npm i workerd, or pypes parts add pyodide), or name one in PYPES_WORKERD',
    );
  const port = options.port === 0 ? await findFreePort(address) : options.port;
  const environment = settingsOf(options, port);
  const { remote } = readWorkerSettings(environment);
  const place = resolve(options.root, 'edge');
  const [folder, objects] = [join(place, 'worker'), join(place, 'objects')];
  mkdirSync(objects, { recursive: true, mode: 0o700 });
  const letGo = holdFolder(place);
  try {
    await options.makeWorker(folder);
    writeFileSync(join(folder, 'config.capnp'), toEdgeConfig(remote === undefined ? {} : { remote: remote.url }));
    const watched = await watchEdge({
      start: () =>
        startWorkerd({
          workerd,
          folder,
          objects,
          address,
          port,
          environment,
          onLine: options.onLine,
        }),
      bounds: options.bounds,
      senses: createSenses(address),
      log,
    });
    return {
      port: watched.port,
      async close() {
        await watched.close();
        letGo();
      },
    };
  } catch (error) {
    letGo();
    throw error;
  }
}

/** Open only where no other machine can reach it, and nobody has set a token. */
function settingsOf({ environment, address, hosts, origins }: EdgeOptions, port: number) {
  const { PYPES_TOKEN: token = '', PYPES_OPEN: open = '' } = environment;
  const isLocal = LOOPBACK.has(address);
  const given = (name: string) => environment[name]?.split(',') ?? [];
  const names = [...LOOPBACK_HOSTS, ...given('PYPES_ALLOW_HOSTS'), ...hosts];
  return {
    PYPES_REMOTE_CALLBACK: `http://${address.includes(':') ? `[${address}]` : address}:${port}`,
    ...environment,
    PYPES_OPEN: open === '' && token === '' && isLocal ? 'true' : open,
    PYPES_ALLOW_HOSTS: names.filter((name) => name.trim() !== '').join(','),
    PYPES_ORIGINS: [...given('PYPES_ORIGINS'), ...origins].filter((origin) => origin.trim() !== '').join(','),
  };
}
