// What the Worker does before a pack's object is woken: gate, tokens, where a request goes. All else the service answers.
import { type JsonObject, PypesError, toGuid } from '@pypes/contract';
import { isRemotePath } from '@pypes/contract/remote';
import { packOfAsk } from '@pypes/runtimes/remote';
import { readCredentials } from '../../http/auth.ts';
import { checkLength } from '../../http/body.ts';
import { checkGate } from '../../http/gate.ts';
import type { LogEntry } from '../../http/log.ts';
import { matchRoute } from '../../http/router.ts';
import { createService } from '../../http/service.ts';
import { fromSwarmBundle } from '../../http/spelling.ts';
import { ENVELOPE_BYTES } from '../../http/wire.ts';
import { createBundleReader } from './bundle-reader.ts';
import type { Directory } from './directory/directory.ts';
import { drain } from './drain.ts';
import { answerFailure } from './failure.ts';
import { createListingHost } from './listing-host.ts';
import { toPackRequest } from './pack/addressee.ts';
import type { ObjectNamespace } from './platform.ts';
import type { WorkerSettings } from './settings.ts';

export type FrontOptions = {
  readonly settings: WorkerSettings;
  readonly packs: ObjectNamespace;
  readonly directory: Directory;
  /** Names of the languages that are here. */
  readonly runtimes: readonly string[];
  readonly version: string;
  readonly log: (entry: LogEntry) => void;
  readonly newId: () => string;
};

/** A pack; it is called, or asked by the endpoint that runs a call for it, which signs instead of bringing a token. */
type Target = 'deploy' | { readonly guid: string; readonly isAsk: boolean };

/** Packs that are known to be there; one that was removed is answered by its empty object. */
const MOST_KNOWN = 10_000;

export function createFront(options: FrontOptions): { fetch(request: Request): Promise<Response> } {
  const { settings, packs, directory, log } = options;
  const { auth, hosts, origins } = settings;
  const known = new Set<string>();
  const bundles = createBundleReader({ mostBytes: settings.limits.bundleBytes });
  const service = createService(createListingHost(options), {
    version: options.version,
    hostName: 'edge',
    log,
    auth,
    hosts,
    origins,
  });

  /** An object that nobody has deployed to is never woken: that alone would make it files on a disk. */
  async function isThere(guid: string): Promise<boolean> {
    if (known.has(guid)) return true;
    if (!(await directory.has(guid))) return false;
    if (known.size >= MOST_KNOWN) known.clear();
    known.add(guid);
    return true;
  }

  async function wake(request: Request, guid: string): Promise<Response> {
    try {
      return await packs.get(packs.idFromName(guid)).fetch(toPackRequest(request, guid));
    } catch (cause) {
      // Its answers are all responses: this is the platform, which has ended it or cannot reach it.
      throw new PypesError('unavailable', `The pack ${guid} does not answer; try again in a moment`, { cause });
    }
  }

  async function ask(request: Request, guid: string, isAsk: boolean): Promise<Response> {
    // Whoever has no token at all is told so by nobody's object.
    if (auth.required && !isAsk && request.headers.get('authorization') === null) await refuse(request);
    if (!(await isThere(guid))) throw new PypesError('not_found', `unknown pack: ${guid}`);
    if (!isAsk) checkLength(request, settings.limits.argumentBytes + ENVELOPE_BYTES);
    return wake(request, guid);
  }

  async function deploy(request: Request): Promise<Response> {
    const { checkNewPack } = await readCredentials(request, auth);
    const refusal = errorOf(checkNewPack);
    if (refusal?.code === 'unauthorized') throw refusal;
    return bundles.read(request, (body) => place(request, fromSwarmBundle(body), refusal));
  }

  async function place(request: Request, bundle: JsonObject, refusal: PypesError | undefined): Promise<Response> {
    const given = toGuid(bundle.pack_guid);
    // A token that is not the operator's can only be that of a pack that there is.
    if (refusal !== undefined && (given === undefined || !(await isThere(given)))) throw refusal;
    const guid = given ?? options.newId();
    const headers = new Headers(request.headers);
    headers.delete('content-length');
    const body = toText({ ...bundle, pack_guid: guid });
    return wake(new Request(request.url, { method: 'POST', headers, body }), guid);
  }

  async function refuse(request: Request): Promise<never> {
    (await readCredentials(request, auth)).checkOperator();
    throw new PypesError('unauthorized', 'A token is asked for here');
  }

  return {
    async fetch(request) {
      const target = targetOf(request);
      if (target === undefined || errorOf(() => checkGate(request, { hosts, origins })) !== undefined) {
        const answer = await service.fetch(request);
        await drain(request);
        return answer;
      }
      try {
        return await (target === 'deploy' ? deploy(request) : ask(request, target.guid, target.isAsk));
      } catch (error) {
        await drain(request);
        return answerFailure(request, error, log);
      }
    },
  };
}

/** The pack that a request is for; undefined where it is for none. */
function targetOf({ method, url }: Request): Target | undefined {
  if (isRemotePath(url)) {
    const guid = method === 'POST' ? toGuid(packOfAsk(url)) : undefined;
    return guid === undefined ? undefined : { guid, isAsk: true };
  }
  try {
    const { id, guid } = matchRoute(method, url);
    const wanted = toGuid(guid);
    return id === 'deploy' ? 'deploy' : wanted === undefined ? undefined : { guid: wanted, isAsk: false };
  } catch {
    return undefined;
  }
}

/** Nesting is read to any depth, and written to some. */
function toText(bundle: JsonObject): string {
  try {
    return JSON.stringify(bundle);
  } catch (cause) {
    throw new PypesError('invalid_request', 'The bundle is nested too deeply', { cause });
  }
}

function errorOf(check: () => unknown): PypesError | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof PypesError) return error;
    throw error;
  }
}
