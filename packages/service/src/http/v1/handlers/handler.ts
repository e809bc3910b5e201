// What every handler of `/v1` gets: the request with all that was read from it, and what stands behind the door.
import { isPypesError, type JsonObject, PypesError } from '@pypes/contract';
import type { RunRef, RunsRoute } from '@pypes/contract/runs';
import type { RunsOptions } from '../door.ts';
import type { Query } from '../query.ts';

/** One request, checked: who may not ask, or asks in the wrong words, gets no further. */
export type RunsCall = {
  readonly request: Request;
  readonly route: RunsRoute;
  readonly options: RunsOptions;
  readonly tenant: string;
  /** The `{id}` of the path, in the tenant. */
  readonly ref: RunRef;
  /** The `{path}` of the path, decoded. */
  readonly path: string;
  readonly query: Query;
  readonly body: JsonObject;
};

/** Answers one request. Throws PypesError. */
export type RunsHandler = (call: RunsCall) => Promise<Response>;

/**
 * Work on the run that the path names, or on one of its files. Whatever a library says of one that is not there,
 * clients hear one sentence, so that nothing tells another tenant's run from one that never was.
 */
export async function withRun<Result>(call: RunsCall, work: (ref: RunRef) => Promise<Result>): Promise<Result> {
  if (!/^[\w-]{1,64}$/.test(call.ref.run_id)) throw notThere(call);
  try {
    return await work(call.ref);
  } catch (error) {
    throw isPypesError(error) && error.code === 'not_found' ? notThere(call) : error;
  }
}

function notThere({ ref, path }: RunsCall): PypesError {
  const file = path === '' ? '' : ` with a file "${path.slice(0, 200)}"`;
  return new PypesError('not_found', `There is no run "${ref.run_id.slice(0, 64)}"${file}`);
}
