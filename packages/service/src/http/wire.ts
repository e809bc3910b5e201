// What each route of the wire contract does: translates between HTTP and the host, and nothing more (spec 2).
import {
  type DeployAnswer,
  type HostHealth,
  isJsonObject,
  type Json,
  type JsonObject,
  PACK_SCHEMA_ID,
  type PackHealth,
  PypesError,
  toGuid,
  WIRE_BASE,
  type WireRouteId,
} from '@pypes/contract';
import type { CallRequest, Host } from '@pypes/host';
import { mintToken, readCredentials, type ServiceAuth } from './auth.ts';
import { checkDepth, readJsonObject } from './body.ts';
import { fromSwarmBundle } from './spelling.ts';
import type { WireRequest } from './wire-request.ts';

/** What the routes work on. */
export type WireContext = {
  readonly host: Host;
  readonly auth: ServiceAuth;
  readonly version: string;
  readonly hostName: string;
  /** What else is here, for healthz: `runs`, `mcp`. */
  readonly offers?: readonly string[];
  /** Resolves when the requests that arrived together have all been read. */
  readonly gather?: () => Promise<void>;
};

/** Handles a request; `id` is the path's guid. Throws PypesError. */
export type WireHandler = (request: WireRequest, id: string, context: WireContext) => Promise<Json>;

/** Beside `args`, a body has a name and a guid: this many bytes are plenty. */
export const ENVELOPE_BYTES = 16_384;

export const WIRE_HANDLERS: { readonly [id in WireRouteId]: WireHandler } = {
  deploy,
  call,
  health,
  packHealth,
  bundle,
  remove,
};

async function call(request: WireRequest, id: string, context: WireContext): Promise<Json> {
  const { host } = context;
  const read = readJsonObject(request, host.limits.argumentBytes + ENVELOPE_BYTES);
  const body = read instanceof Promise ? await read : read;
  const { name, args } = body;
  const pack = (await host.get(id)) ?? unknownPack(id);
  const who = readCredentials(request, context.auth);
  (who instanceof Promise ? await who : who).checkPack(pack.manifest);
  if (typeof name !== 'string' || name === '') {
    throw new PypesError('invalid_request', 'The body has no "name": which agent is called?');
  }
  if (args !== undefined && args !== null && !isJsonObject(args)) {
    throw new PypesError('invalid_request', 'The "args" of a call have to be a JSON object');
  }
  const userGuid = toGuid(body.user_guid);
  await context.gather?.();
  const asked: { -readonly [K in keyof CallRequest]: CallRequest[K] } = {
    agent: name,
    from: 'http',
    signal: () => request.signal,
  };
  if (isJsonObject(args)) asked.args = args;
  if (userGuid !== undefined) asked.userGuid = userGuid;
  return { status: 'ok', output: await host.call(pack, asked) };
}

async function deploy(request: WireRequest, _id: string, context: WireContext): Promise<Json> {
  const { host, auth } = context;
  const bundle = fromSwarmBundle(checkDepth(await readJsonObject(request, host.limits.bundleBytes)));
  const who = await readCredentials(request, context.auth);
  const minted = auth.required ? await mintToken() : undefined;
  const result = await host.deploy(bundle, {
    authorize: (existing) => (existing === undefined ? who.checkNewPack() : who.checkPack(existing)),
    ...(minted === undefined ? {} : { tokenSha256: minted.sha256 }),
  });
  const base = `${new URL(request.url).origin}${WIRE_BASE}/${result.packGuid}`;
  const answer: DeployAnswer = {
    status: 'ok',
    pack_guid: result.packGuid,
    name: result.name,
    pack_url: `${base}/agent`,
    info_url: `${base}/healthz`,
    agent_count: result.fileCount,
    ...(result.skipped.length === 0 ? {} : { skipped: result.skipped }),
    ...(minted === undefined ? {} : { pack_token: minted.token }),
  };
  return answer as JsonObject;
}

async function health(
  _request: WireRequest,
  _id: string,
  { host, version, hostName, offers = [] }: WireContext,
): Promise<Json> {
  const packs = await Promise.all(
    (await host.list()).map(async ({ guid, manifest, catalog }) => ({
      pack_guid: guid,
      name: manifest.name,
      purpose: String(manifest.purpose ?? ''),
      agent_count: (await catalog.view()).names.length,
      created_at: manifest.created_at,
      created_by: String(manifest.created_by ?? ''),
    })),
  );
  const answer: HostHealth = {
    status: 'ok',
    schema: PACK_SCHEMA_ID,
    version,
    host: hostName,
    runtimes: [...new Set(host.runtimes.map((runtime) => runtime.name))],
    ...(offers.length === 0 ? {} : { offers }),
    pack_count: packs.length,
    packs,
  };
  return answer as JsonObject;
}

async function packHealth(request: WireRequest, id: string, context: WireContext): Promise<Json> {
  const pack = (await context.host.get(id)) ?? unknownPack(id);
  (await readCredentials(request, context.auth)).checkPack(pack.manifest);
  const view = await pack.catalog.view();
  const answer: PackHealth = {
    status: 'ok',
    pack_guid: pack.guid,
    name: pack.manifest.name,
    purpose: String(pack.manifest.purpose ?? ''),
    agent_count: view.names.length,
    agents: view.names,
    ...(view.quarantined.length === 0 ? {} : { quarantined: view.quarantined }),
    ...(view.shadowed.length === 0 ? {} : { shadowed: view.shadowed }),
    ...(pack.sealed ? { sealed: true } : {}),
    ...(await context.host.trust(pack)),
  };
  return answer as JsonObject;
}

async function bundle(request: WireRequest, id: string, context: WireContext): Promise<Json> {
  const who = await readCredentials(request, context.auth);
  return (await context.host.bundle(id, (manifest) => who.checkPack(manifest))) as unknown as JsonObject;
}

async function remove(request: WireRequest, id: string, context: WireContext): Promise<Json> {
  const who = await readCredentials(request, context.auth);
  const removed = await context.host.remove(id, (manifest) => who.checkPack(manifest));
  return { status: 'ok', removed };
}

function unknownPack(id: string): never {
  throw new PypesError('not_found', `unknown pack: ${id}`);
}
