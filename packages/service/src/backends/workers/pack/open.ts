// One pack as a service of its own: the same host and the same handler as everywhere, over the database of its object.
import { type MemoryStore, PypesError, type SchemaCompiler } from '@pypes/contract';
import { isRemotePath } from '@pypes/contract/remote';
import { createHost } from '@pypes/host';
import {
  createDurableObjectMemoryStore,
  createDurableObjectPackStore,
  type DurableObjectPackStore,
} from '@pypes/stores/durable-object';
import { readCredentials } from '../../../http/auth.ts';
import type { LogEntry } from '../../../http/log.ts';
import { createService } from '../../../http/service.ts';
import type { Directory } from '../directory/directory.ts';
import { answerFailure } from '../failure.ts';
import { createWorkerLog } from '../log.ts';
import type { ObjectState } from '../platform.ts';
import type { EdgeRuntimes } from '../runtimes.ts';
import type { WorkerSettings } from '../settings.ts';
import { createPackChanges } from './changes.ts';
import { isSummaryRequest } from './summary-request.ts';

export type PackParts = {
  readonly guid: string;
  readonly storage: ObjectState['storage'];
  readonly directory: Directory;
  readonly settings: WorkerSettings;
  readonly languages: EdgeRuntimes;
  readonly schemas: SchemaCompiler;
  readonly version: string;
  readonly log: (entry: LogEntry) => void;
};

/** Answers requests to the pack, and the directory's question. */
export function openPack({ guid, storage, directory, settings, log, ...parts }: PackParts) {
  const store = createDurableObjectPackStore(storage);
  const changes = createPackChanges({
    guid,
    directory,
    log,
    newId: () => crypto.randomUUID(),
    discard: () => storage.deleteAll(),
  });
  const audit = createWorkerLog('info');
  const { runtimes, ask } = parts.languages;
  const host = createHost({
    runtimes,
    schemas: parts.schemas,
    packs: changes.announcing(store),
    memory: ofPacksThatAre(store, createDurableObjectMemoryStore(storage)),
    limits: settings.limits,
    audit: { write: (record) => audit({ level: 'info', event: 'audit', record: { ...record } as never }) },
    onEvent: ({ type, time: _time, ...rest }) =>
      log({ event: `agent.${type}`, ...rest, level: 'level' in rest ? rest.level : 'debug' }),
  });
  const { auth, hosts, origins } = settings;
  const service = createService(changes.inTurn(host), {
    version: parts.version,
    hostName: 'edge',
    log,
    auth,
    hosts,
    origins,
    ...(ask === undefined ? {} : { remote: ask }),
  });
  return {
    async fetch(request: Request): Promise<Response> {
      if (isSummaryRequest(request)) return Response.json((await changes.summary(host)) ?? null);
      // Signed, by an endpoint that has no token.
      if (isRemotePath(request.url)) return service.fetch(request);
      try {
        // Before the body is read. The service looks again, when it knows what is asked for.
        const pack = await host.get(guid);
        if (pack !== undefined) (await readCredentials(request, auth)).checkPack(pack.manifest);
      } catch (error) {
        return answerFailure(request, error, log);
      }
      return service.fetch(request);
    },
  };
}

/** A call that goes on when its pack was removed leaves nothing for whoever deploys under that guid later. */
function ofPacksThatAre(packs: DurableObjectPackStore, memory: MemoryStore): MemoryStore {
  return {
    ...memory,
    async update(scope, change) {
      if (!packs.has(scope.packGuid)) throw new PypesError('not_found', `unknown pack: ${scope.packGuid}`);
      return memory.update(scope, change);
    },
  };
}
