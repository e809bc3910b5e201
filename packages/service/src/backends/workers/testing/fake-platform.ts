// The platform without workerd: objects in this process, each over SQLite of its own, that can be killed at any request.
import { openSqliteObject } from '../../../../../stores/src/testing/sqlite-object.ts';
import { createWorker, type EdgeModules } from '../../workers.ts';
import type { ObjectId, ObjectNamespace, ObjectState, WorkerEnvironment } from '../platform.ts';

type Answering = { fetch(request: Request): Promise<Response> };
type Id = ObjectId & { readonly name: string };

/** One request from the Worker to an object, or from one object to another. */
export type Hop = { readonly to: 'packs' | 'directory'; readonly name: string; readonly request: Request };

/** @param before is told of each hop before it happens, and can make it fail */
export function createFakePlatform(settings: { readonly [name: string]: string }, modules = {} as EdgeModules) {
  const { handler, PackObject, DirectoryObject } = createWorker(modules);
  const databases = new Map<string, ReturnType<typeof openSqliteObject>>();
  let objects = new Map<string, Answering>();
  const hops: Hop[] = [];
  const seams: { before: (hop: Hop) => Promise<void> | void; after: (hop: Hop) => Promise<void> | void } = {
    before: () => undefined,
    after: () => undefined,
  };

  function namespace(to: Hop['to'], make: (state: ObjectState) => Answering): ObjectNamespace {
    const idFromName = (name: string): Id => ({ name, equals: (other) => (other as Id).name === name });
    return {
      idFromName,
      get: (id) => ({
        async fetch(request) {
          const { name } = id as Id;
          const hop = { to, name, request };
          hops.push(hop);
          await seams.before(hop);
          const key = `${to}/${name}`;
          const object = objects.get(key) ?? make({ id: idFromName(name), storage: storageOf(key) });
          objects.set(key, object);
          const response = await object.fetch(request);
          await seams.after(hop);
          return response;
        },
      }),
    };
  }

  function storageOf(key: string): ObjectState['storage'] {
    const database = databases.get(key) ?? openSqliteObject();
    databases.set(key, database);
    return {
      sql: database.sql,
      transactionSync: (change) => database.transactionSync(change),
      async deleteAll() {
        for (const { name } of database.sql.exec("SELECT name FROM sqlite_master WHERE type = 'table'").toArray())
          database.sql.exec(`DROP TABLE ${String(name)}`);
      },
    };
  }

  const environment: WorkerEnvironment = {
    ...settings,
    PACKS: namespace('packs', (state) => new PackObject(state, environment)),
    DIRECTORY: namespace('directory', (state) => new DirectoryObject(state, environment)),
  };

  return {
    hops,
    seams,
    /** A request from outside. */
    fetch: (request: Request) => handler.fetch(request, environment),
    /** A request by the binding itself, as the front makes them. */
    pack: (name: string) => environment.PACKS.get(environment.PACKS.idFromName(name)),
    /** Everything that is in memory is gone; what was written is there. */
    crash() {
      objects = new Map();
    },
    /** Names of the packs' objects that have a database. */
    packObjects: () => [...databases.keys()].flatMap((key) => (key.startsWith('packs/') ? key.slice(6) : [])),
  };
}
