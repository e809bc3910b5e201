// Back end C on Cloudflare Workers, or workerd: a front, one object for each pack, one for the list (spec 2, back ends).
import { PypesError } from '@pypes/contract';
import { createPortableCompiler } from '@pypes/schemas/portable';
import manifest from '../../package.json' with { type: 'json' };
import { connectDirectory, createDirectoryObject } from './workers/directory/object.ts';
import { createFront } from './workers/front.ts';
import { createWorkerLog } from './workers/log.ts';
import type { EdgeModules } from './workers/modules.ts';
import { type Answering, openOrRefuse } from './workers/open-or-refuse.ts';
import { readAddressee } from './workers/pack/addressee.ts';
import { openPack } from './workers/pack/open.ts';
import type { ObjectState, WorkerEnvironment } from './workers/platform.ts';
import { createEdgeRuntimes, namesOfLanguages } from './workers/runtimes.ts';
import { readWorkerSettings } from './workers/settings.ts';

export type { EdgeModules } from './workers/modules.ts';

/** What the Worker's module exports: its handler, and the classes of its objects. */
export function createWorker(modules: EdgeModules) {
  const { version } = manifest;
  let front: Answering | undefined;

  return {
    handler: {
      async fetch(request: Request, environment: WorkerEnvironment): Promise<Response> {
        front ??= openOrRefuse(() => openFront(environment));
        return front.fetch(request);
      },
    },

    /** One pack: its files and its memory, and whatever runs of it. */
    PackObject: class PackObject {
      readonly #state: ObjectState;
      readonly #environment: WorkerEnvironment;
      #pack: Answering | undefined;

      constructor(state: ObjectState, environment: WorkerEnvironment) {
        this.#state = state;
        this.#environment = environment;
      }

      async fetch(request: Request): Promise<Response> {
        this.#pack ??= openOrRefuse(() => openObject(this.#state, this.#environment, request));
        return this.#pack.fetch(request);
      }
    },

    /** The list of packs. There is one. */
    DirectoryObject: class DirectoryObject {
      readonly #directory: Answering;

      constructor(state: ObjectState, { PACKS }: WorkerEnvironment) {
        this.#directory = createDirectoryObject(state, PACKS, createWorkerLog('info'));
      }

      fetch(request: Request): Promise<Response> {
        return this.#directory.fetch(request);
      }
    },
  };

  function openFront(environment: WorkerEnvironment): Answering {
    const settings = readWorkerSettings(environment);
    return createFront({
      settings,
      packs: environment.PACKS,
      directory: connectDirectory(environment.DIRECTORY),
      runtimes: namesOfLanguages({ ...settings, loader: environment.LOADER }),
      version,
      log: createWorkerLog(settings.logLevel),
      newId: () => crypto.randomUUID(),
    });
  }

  /** Nothing of it is shared with other objects: what waits in one must never be waited for in another. */
  function openObject({ id, storage }: ObjectState, environment: WorkerEnvironment, request: Request): Answering {
    const guid = readAddressee(request);
    if (guid === undefined || !id.equals(environment.PACKS.idFromName(guid)))
      throw new PypesError('internal', 'A request came to the object of another pack');
    const settings = readWorkerSettings(environment);
    return openPack({
      guid,
      storage,
      directory: connectDirectory(environment.DIRECTORY),
      settings,
      languages: createEdgeRuntimes(modules, { ...settings, loader: environment.LOADER }),
      schemas: createPortableCompiler(),
      version,
      log: createWorkerLog(settings.logLevel),
    });
  }
}
