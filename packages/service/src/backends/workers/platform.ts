// What is used of Cloudflare's platform, which workerd has too: objects by name, each with a database of its own.
import type { WorkerLoader } from '@pypes/runtimes/component-inline';
import type { SqlDatabase } from '@pypes/stores/durable-object';

export interface ObjectId {
  equals(other: ObjectId): boolean;
}

export interface ObjectStub {
  fetch(request: Request): Promise<Response>;
}

/** All objects of one class. A stub belongs to the request that it was made in. */
export interface ObjectNamespace {
  idFromName(name: string): ObjectId;
  get(id: ObjectId): ObjectStub;
}

/** What an object gets of itself. */
export interface ObjectState {
  readonly id: ObjectId;
  readonly storage: SqlDatabase & { deleteAll(): Promise<void> };
}

/** Bindings: the two classes of objects by name, what starts isolates where it is there, and settings. */
export type WorkerEnvironment = {
  readonly PACKS: ObjectNamespace;
  readonly DIRECTORY: ObjectNamespace;
  readonly LOADER?: WorkerLoader;
  readonly [name: string]: unknown;
};
