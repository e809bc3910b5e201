// The remote door: signed requests of other hosts to load files and to run their agents, in sandboxes alone.
import {
  httpStatus,
  type Json,
  type JsonObject,
  type Limits,
  PypesError,
  type Runtime,
  toPypesError,
} from '@pypes/contract';
import {
  checkRequest,
  createNonceMemory,
  importRemoteKey,
  parseLoadRequest,
  parseRunRequest,
  REMOTE_BASE,
  readSignedBody,
  type SignedRequest,
  signAnswer,
  toRemoteError,
} from '@pypes/contract/remote';
import type { LogEntry } from '../log.ts';
import { createRemoteCalls } from './calls.ts';
import { createRemoteFiles } from './files.ts';

export type RemoteDoorOptions = {
  /** Those of them that are sandboxed run what comes; nothing else does, whatever the operator trusts. */
  readonly runtimes: readonly Runtime[];
  /** What both sides share: at least 32 bytes. */
  readonly key: string;
  readonly limits: Limits;
  /** Asks the hosts that calls came from. */
  readonly fetch: (address: string, init: RequestInit) => Promise<Response>;
  readonly log?: (entry: LogEntry) => void;
  readonly now?: () => number;
  readonly newId?: () => string;
  /** How far the clocks may be apart. Milliseconds. */
  readonly windowMs?: number;
  /** How many requests are remembered for as long as they could be repeated. */
  readonly mostNonces?: number;
  /** How many files are kept loaded, and how many bytes they may have. */
  readonly mostFiles?: number;
  readonly mostFileBytes?: number;
  /** How many files may be loaded, and calls run, at once. */
  readonly mostCalls?: number;
  /** Logs that have waited for so long are sent while the call runs. Milliseconds. */
  readonly flushMs?: number;
};

export interface RemoteDoor {
  /** Answers what begins with `/api/remote/`. Never rejects. */
  fetch(request: Request): Promise<Response>;
  /** Stops every call, and closes the runtimes. */
  close(): Promise<void>;
}

const MEBIBYTE = 1024 * 1024;
const STOP_BYTES = 4_096;

/**
 * @throws PypesError `invalid_request` where the key is too short
 * @example
 * const door = createRemoteDoor({ runtimes: [createPythonSandbox()], key, limits: DEFAULT_LIMITS, fetch });
 * const service = createService(host, { ...about, remote: door.fetch });
 */
export function createRemoteDoor(options: RemoteDoorOptions): RemoteDoor {
  const { limits, now = Date.now, newId = () => crypto.randomUUID(), windowMs = 60_000, mostCalls = 64 } = options;
  const runtimes = options.runtimes.filter(({ capabilities }) => capabilities.sandboxed);
  const key = importRemoteKey(options.key);
  const nonces = createNonceMemory({ windowMs, most: options.mostNonces ?? 100_000, now });
  const bounds = { mostFiles: options.mostFiles ?? 500, mostBytes: options.mostFileBytes ?? 256 * MEBIBYTE };
  const files = createRemoteFiles({ runtimes, limits, ...bounds });
  const calls = createRemoteCalls({
    files,
    key,
    limits,
    fetch: options.fetch,
    now,
    newId,
    flushMs: options.flushMs ?? 250,
  });
  let underWay = 0;

  const handlers: { readonly [path: string]: (request: Request, signed: SignedRequest) => Promise<JsonObject> } = {
    load: bounded(async (body) => {
      const { file, limits: theirs } = parseLoadRequest(body);
      try {
        const opened = await files.open(file, theirs);
        if (opened === 'unknown') return { status: opened };
        opened.release();
        return {
          status: 'ok',
          agents: opened.agents.map(({ metadata, imports }) => ({ metadata, imports }) as unknown as JsonObject),
        };
      } catch (error) {
        // What is wrong with the file is its author's to know; what is wrong with the request, its sender's.
        if (toPypesError(error).code !== 'agent_broken') throw error;
        return { status: 'failed', error: toRemoteError(error) };
      }
    }),
    run: bounded((body, request) => calls.run(parseRunRequest(body), request.signal)),
    async stop(request, signed) {
      const { call_id: id } = (await readJson(request, signed, STOP_BYTES)) as JsonObject;
      return { status: 'ok', stopped: calls.stop(String(id)) };
    },
  };

  /** A handler of which there are only so many at once: its body is not read before there is room. */
  function bounded(handle: (body: Json, request: Request) => Promise<JsonObject>) {
    return async (request: Request, signed: SignedRequest): Promise<JsonObject> => {
      if (underWay >= mostCalls) {
        throw new PypesError('rate_limited', `${mostCalls} files and calls of other hosts are under way; try again`);
      }
      underWay += 1;
      try {
        return await handle(await readJson(request, signed, mostBodyBytes(limits)), request);
      } finally {
        underWay -= 1;
      }
    };
  }

  async function answer(status: number, value: Json, signed: SignedRequest | undefined): Promise<Response> {
    const body = new TextEncoder().encode(JSON.stringify(value));
    const signature = signed === undefined ? {} : await signAnswer(key, { nonce: signed.nonce, status, body });
    // A body that is not wanted is not waited for either.
    const end: { readonly connection?: string } = status === 401 || status === 413 ? { connection: 'close' } : {};
    return new Response(body, { status, headers: { ...signature, ...end, 'content-type': 'application/json' } });
  }

  return {
    async fetch(request) {
      let signed: SignedRequest | undefined;
      try {
        signed = await checkRequest(key, request, { now: now(), windowMs, nonces });
        const { pathname } = new URL(request.url);
        const path = pathname.slice(pathname.lastIndexOf(REMOTE_BASE) + REMOTE_BASE.length);
        const handler = Object.hasOwn(handlers, path) ? handlers[path] : undefined;
        if (handler === undefined) throw new PypesError('not_found', 'There is nothing here for other hosts');
        return await answer(200, await handler(request, signed), signed);
      } catch (error) {
        const { code, message, details } = toPypesError(error);
        const status = httpStatus(code, 'service');
        options.log?.({
          level: code === 'internal' ? 'error' : 'warn',
          event: 'remote.refused',
          status,
          code,
          message,
        });
        return answer(status, { ...details, status: 'error', code, message }, signed);
      }
    },
    async close() {
      calls.close();
      await files.close();
      await Promise.all(runtimes.map((runtime) => runtime.close()));
    },
  };
}

/** Arguments, one file and what lies beside it, as base64. */
function mostBodyBytes({ argumentBytes, fileBytes, componentBytes }: Limits): number {
  return argumentBytes + Math.ceil((4 * (Math.max(fileBytes, componentBytes) + fileBytes)) / 3) + 65_536;
}

async function readJson(request: Request, signed: SignedRequest, most: number): Promise<Json> {
  const body = await readSignedBody(request, signed, most);
  try {
    return JSON.parse(new TextDecoder().decode(body)) as Json;
  } catch {
    throw new PypesError('invalid_json', 'The body is no JSON');
  }
}
