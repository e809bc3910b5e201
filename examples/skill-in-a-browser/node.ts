// The same skill from the same registry on Node, by what `pypes install` and `pypes serve` are made of.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type Json, type JsonObject, PypesError } from '@pypes/contract';
import { createRegistryClient, parseSource, toFaultReason } from '@pypes/registry';
import { createNodeHost } from '@pypes/service/node';
import { fetchSkill, guidOfSkill, installSkill, skillPlaces, trustRegistry } from '@pypes/service/skills';

/** A function as Node describes it. */
export type Described = {
  readonly wit: string;
  readonly docs: string;
  readonly parameters: Json;
  readonly returns: Json;
};

export type NodeSide = {
  readonly digest: string;
  readonly signers: readonly string[];
  readonly component: Uint8Array;
  readonly wit: string;
  readonly functions: readonly Described[];
  /** The result, or the code and text of the error. */
  readonly call: (agent: string, args: JsonObject) => Promise<Json>;
  readonly close: () => Promise<void>;
};

/** Installs a skill on Node, and calls it through the host and its guard. */
export async function installOnNode(
  root: string,
  url: string,
  trustedRoot: Uint8Array,
  source: string,
): Promise<NodeSide> {
  await trustRegistry(skillPlaces(root), { url, root: trustedRoot });
  const candidate = await fetchSkill(source, { root });
  await installSkill(candidate, {}, { root });
  const { content, digest, signers } = candidate.verified;
  assert(content.kind === 'skill');
  const host = createNodeHost({ folders: [], root, log: () => undefined });
  const pack = await host.get(guidOfSkill(source));
  assert(pack !== undefined);
  const { agents } = await pack.catalog.view();
  const functions = [...agents.values()].map(({ metadata }) => ({
    wit: String(metadata.wit),
    docs: metadata.description ?? '',
    parameters: (metadata.parameters ?? null) as Json,
    returns: (metadata.returns ?? null) as Json,
  }));
  return {
    digest,
    signers,
    component: content.skill.files.get('component.wasm') ?? new Uint8Array(),
    wit: new TextDecoder().decode(content.skill.files.get('interface.wit')),
    functions,
    call: (agent, args) => host.call(pack, { agent, args }).catch(toFailure),
    close: () => host.close(),
  };
}

function toFailure(error: unknown): Json {
  if (!(error instanceof PypesError)) throw error;
  const { code, message, details } = error;
  return { code, message, ...(details?.payload === undefined ? {} : { payload: details.payload }) };
}

export type Visitor = {
  readonly url: string;
  readonly trustedRoot: Uint8Array;
  readonly source: string;
  /** What it knows; a folder that is not there knows nothing. */
  readonly folder: string;
  readonly now: () => number;
};

/** Why Node's client (tuf-js) refuses; `accepted` where it does not. */
export async function refusalOnNode({ url, trustedRoot, source, folder, now }: Visitor): Promise<string> {
  const cacheFolder = join(folder, 'client');
  const client = createRegistryClient({ url, cacheFolder, trustedRoot, fetch: (at, init) => fetch(at, init), now });
  const parsed = parseSource(source);
  assert(parsed.kind === 'explicit');
  try {
    await client.install(parsed);
    return 'accepted';
  } catch (error) {
    return toFaultReason(error) ?? String(error);
  }
}
