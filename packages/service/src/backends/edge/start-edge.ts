// The edge on a machine of one's own: the packaged Worker in workerd, its objects below a root, watched.
import { mkdirSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { PypesError } from '@pypes/contract';
import { findWorkerd } from '@pypes/runtimes/python';
import { LOOPBACK_HOSTS } from '../../http/gate.ts';
import type { Logger } from '../logger.ts';
import { readWorkerSettings } from '../workers/settings.ts';
import { toEdgeConfig } from './config.ts';
import { findFreePort } from './free-port.ts';
import { holdFolder } from './hold-folder.ts';
import { type EdgePython, openEdgePython } from './python.ts';
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
  /** Runs Python beside the Worker, in Pyodide; without it Python is what PYPES_REMOTE_URL runs, or nothing. */
  readonly python?: boolean;
  /** What the Worker itself logs, line by line. */
  readonly onLine: (line: string) => void;
};

/** What listens at all of a machine's addresses is reached on that machine at one of them. */
const EVERYWHERE: ReadonlyMap<string, string> = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '[::1]'],
]);
const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '::1']);

/**
 * @throws PypesError `invalid_request` for settings, `unavailable` where workerd is missing or the root is in use,
 * `agent_broken` or `unsupported` where Python is wanted and Pyodide does not start
 */
export async function startEdge(options: EdgeOptions): Promise<WatchedEdge> {
  const { address, log } = options;
  const workerd = findWorkerd();
  if (workerd === undefined)
    throw new PypesError(
      'unavailable',
      'workerd is not here; install it (npm i workerd, or pypes parts add pyodide), or name one in PYPES_WORKERD',
    );
  const port = options.port === 0 ? await findFreePort(address) : options.port;
  const given = settingsOf(options, port);
  const { remote, limits } = readWorkerSettings(given);
  const wantsPython = options.python === true;
  if (wantsPython && remote !== undefined)
    throw new PypesError(
      'invalid_request',
      'Python would run in two places: leave out --python, or the endpoint in PYPES_REMOTE_URL',
    );
  const place = resolve(options.root, 'edge');
  const [folder, objects] = [join(place, 'worker'), join(place, 'objects')];
  mkdirSync(objects, { recursive: true, mode: 0o700 });
  const letGo = holdFolder(place);
  let python: EdgePython | undefined;
  try {
    if (wantsPython) python = await openEdgePython({ workerd, limits, log });
    await options.makeWorker(folder);
    const outside = python ?? remote?.url;
    writeFileSync(join(folder, 'config.capnp'), toEdgeConfig(outside === undefined ? {} : { remote: outside }));
    const environment = { ...given, ...python?.settings };
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
        await python?.close();
        letGo();
      },
    };
  } catch (error) {
    await python?.close();
    letGo();
    throw error;
  }
}

/** Open only where no other machine can reach it, and nobody has set a token. */
function settingsOf({ environment, address, hosts, origins }: EdgeOptions, port: number) {
  const { PYPES_TOKEN: token = '', PYPES_OPEN: open = '' } = environment;
  const isLocal = LOOPBACK.has(address);
  const given = (name: string) => environment[name]?.split(',') ?? [];
  const bare = address.toLowerCase().replace(/%.*$/, '');
  const name = bare.includes(':') ? `[${bare}]` : bare;
  const names = [...LOOPBACK_HOSTS, ...(isIP(address) === 0 ? [] : [name]), ...given('PYPES_ALLOW_HOSTS'), ...hosts];
  return {
    PYPES_REMOTE_CALLBACK: `http://${EVERYWHERE.get(address) ?? name}:${port}`,
    ...environment,
    PYPES_OPEN: open === '' && token === '' && isLocal ? 'true' : open,
    PYPES_ALLOW_HOSTS: names.filter((name) => name.trim() !== '').join(','),
    PYPES_ORIGINS: [...given('PYPES_ORIGINS'), ...origins].filter((origin) => origin.trim() !== '').join(','),
  };
}
